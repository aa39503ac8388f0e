namespace FaceSearch.TestSupport;

/// <summary>
/// A folder of drawn people in the layout of Labeled Faces in the Wild, <c>Drawn_000/Drawn_000_0001.jpg</c>: 240 files of
/// 80 people, 250 x 250 pixels. Drawn once per process, beside the tests.
/// </summary>
public static class DrawnGallery
{
    public const int People = 80;

    public const int Pictures = People * PicturesEach;

    private const int PicturesEach = 3;

    private const int Size = 250;

    private static readonly Lazy<string> LazyFolder = new(Draw);

    public static string Folder => LazyFolder.Value;

    /// <summary>In the order of their names.</summary>
    public static IReadOnlyList<string> Files =>
        [.. Directory.GetFiles(Folder, "*.jpg", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];

    /// <param name="number">From 1.</param>
    public static string File(int person, int number) =>
        Path.Combine(Folder, $"Drawn_{person:D3}", new DrawnPerson(person).FileName(number));

    /// <summary>A new zip of files by their numbers in the order of their names.</summary>
    public static void Zip(string zip, IEnumerable<int> numbers) => System.IO.File.WriteAllBytes(
        zip, Archives.Zip([.. numbers.Select(number => Files[number]).Select(file => (Path.GetFileName(file), System.IO.File.ReadAllBytes(file)))]));

    private static string Draw()
    {
        var folder = Path.Combine(AppContext.BaseDirectory, "drawn");
        Parallel.For(0, People, i =>
        {
            var person = new DrawnPerson(i);
            var own = Directory.CreateDirectory(Path.Combine(folder, $"Drawn_{i:D3}")).FullName;
            for (var number = 1; number <= PicturesEach; number++)
                System.IO.File.WriteAllBytes(Path.Combine(own, person.FileName(number)), person.Picture(0.6 * (number - 2), Size));
        });
        return folder;
    }
}
