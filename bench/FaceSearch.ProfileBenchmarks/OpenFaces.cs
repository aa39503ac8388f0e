using System.Security.Cryptography;
using System.Text;

namespace FaceSearch.ProfileBenchmarks;

/// <summary>A person of the folder, and the paths of the pictures below it, both in ordinal order.</summary>
internal sealed record Person(string Name, IReadOnlyList<string> Pictures);

/// <summary>
/// A folder with a folder of pictures per person, and who of them a projection is fitted on. Choices follow SHA-256, so
/// they are the same with every runtime.
/// </summary>
internal sealed class OpenFaces
{
    /// <summary>How many people a projection is fitted on.</summary>
    public const int FitPeople = 700;

    public const string FitRule =
        "people with exactly one picture, ordered by the SHA-256 of the folder's name in UTF-8, the first 700";

    private OpenFaces(string folder, IReadOnlyList<Person> people)
    {
        Folder = folder;
        Fit = [.. people.Where(person => person.Pictures.Count == 1).OrderBy(person => Key(person.Name)).Take(FitPeople)];
        Test = [.. people.Except(Fit)];
    }

    public string Folder { get; }

    public IReadOnlyList<Person> Fit { get; }

    /// <summary>Everybody else, by name.</summary>
    public IReadOnlyList<Person> Test { get; }

    /// <exception cref="InvalidDataException">Fewer people with one picture than a fit takes.</exception>
    public static OpenFaces Read(string folder)
    {
        var people = Directory.GetDirectories(folder).Order(StringComparer.Ordinal).Select(person => new Person(
            Path.GetFileName(person),
            [.. Directory.GetFiles(person, "*.jpg").Order(StringComparer.Ordinal).Select(path => Path.GetRelativePath(folder, path))]));
        var faces = new OpenFaces(folder, [.. people.Where(person => person.Pictures.Count > 0)]);
        return faces.Fit.Count == FitPeople
            ? faces
            : throw new InvalidDataException($"{folder} needs {FitPeople} people with exactly one picture.");
    }

    /// <summary>Of the names of the fit's people, a line each.</summary>
    public string FitSha256() => Key(string.Join('\n', Fit.Select(person => person.Name)));

    /// <summary>A place in an order that looks random and is always the same.</summary>
    public static string Key(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
