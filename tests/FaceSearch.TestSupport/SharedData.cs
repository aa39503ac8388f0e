using System.IO.Compression;
using NUnit.Framework;

namespace FaceSearch.TestSupport;

/// <summary>
/// Real photographs and model files. They belong to other people, so they are not in this repository: tests find
/// them in a folder <c>shared</c> beside the checkout, and are visibly skipped where it is missing.
/// </summary>
public static class SharedData
{
    public static string RepositoryRoot { get; } = FindRepositoryRoot();

    public static string Root { get; } = Path.GetFullPath(Path.Combine(RepositoryRoot, "..", "shared"));

    /// <summary>The full path of a photograph, <c>lfw/Ashanti/Ashanti_0001.jpg</c>; skips the test without it.</summary>
    public static string Face(string path) => Require(Path.Combine(Root, "faces", path));

    /// <summary>The full path of a model file; skips the test without it.</summary>
    public static string Model(string fileName) => Require(Path.Combine(Root, "models", fileName));

    /// <summary>A new zip of photographs by their numbers in the order of their names; skips the test without them.</summary>
    public static void ZipFaces(string zip, IEnumerable<int> numbers)
    {
        var files = Directory.GetFiles(Face("lfw"), "*.jpg", SearchOption.AllDirectories);
        Array.Sort(files, StringComparer.Ordinal);
        using var archive = ZipFile.Open(zip, ZipArchiveMode.Create);
        foreach (var file in numbers.Select(number => files[number]))
            archive.CreateEntryFromFile(file, Path.GetFileName(file), CompressionLevel.NoCompression);
    }

    private static string Require(string path)
    {
        if (!Path.Exists(path))
            Assert.Ignore($"Needs {Path.GetRelativePath(RepositoryRoot, path)}, which is not part of this repository.");

        return path;
    }

    private static string FindRepositoryRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "FaceSearch.sln")))
            folder = folder.Parent;

        return folder?.FullName ?? throw new InvalidOperationException("The tests run from inside the checkout.");
    }
}
