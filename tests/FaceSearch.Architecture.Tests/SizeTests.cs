namespace FaceSearch.Architecture.Tests;

/// <summary>Folders and files stay small enough to read. Generated migrations are left out.</summary>
internal sealed class SizeTests
{
    private const int MostFiles = 15;
    private const int MostLines = 300;

    internal static readonly string Root = FindRoot();

    [Test]
    public void Folder_HasAtMostFifteenFiles() => Assert.That(
        Sources().GroupBy(file => Path.GetDirectoryName(file)!)
            .Where(folder => folder.Count() > MostFiles)
            .Select(folder => $"{Path.GetRelativePath(Root, folder.Key)}: {folder.Count()} files"),
        Is.Empty);

    [Test]
    public void File_HasAtMostThreeHundredLines() => Assert.That(
        Sources().Select(file => (File: file, Lines: File.ReadLines(file).Count()))
            .Where(file => file.Lines > MostLines)
            .Select(file => $"{Path.GetRelativePath(Root, file.File)}: {file.Lines} lines"),
        Is.Empty);

    internal static List<string> Sources()
    {
        string[] left = ["bin", "obj", "node_modules", "Migrations", "generated", "dist"];
        var files = new[] { ("src", "*.cs"), ("tests", "*.cs"), ("bench", "*.cs"), ("web/src", "*.ts"), ("web/tests", "*.ts") }
            .SelectMany(part => Directory.EnumerateFiles(Path.Combine(Root, part.Item1), part.Item2, SearchOption.AllDirectories))
            .Where(file => !Path.GetRelativePath(Root, file).Split(Path.DirectorySeparatorChar).Intersect(left).Any())
            .ToList();
        Assert.That(files, Has.Count.GreaterThan(500), "The sources were not found.");
        return files;
    }

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "FaceSearch.sln")))
            folder = folder.Parent;

        return folder?.FullName ?? throw new InvalidOperationException("The tests run from inside the checkout.");
    }
}
