using NUnit.Framework;

namespace FaceSearch.TestSupport;

/// <summary>
/// Real photographs and model files. They are not in this repository because of their licences. Photographs are in a folder
/// <c>shared</c> beside the checkout; measurements on them are skipped without it. Model files are there too, or are
/// fetched.
/// </summary>
public static class SharedData
{
    private const string NoFaces = "Needs photographs, which are not part of this repository: put them into ../shared/faces.";

    public static string RepositoryRoot { get; } = FindRepositoryRoot();

    /// <summary>FACESEARCH_SHARED sets another folder, or a missing one to use none.</summary>
    public static string Root { get; } = Path.GetFullPath(
        Environment.GetEnvironmentVariable("FACESEARCH_SHARED") ?? Path.Combine(RepositoryRoot, "..", "shared"));

    public static bool HasFaces => Directory.Exists(Path.Combine(Root, "faces"));

    /// <summary>The full path of a photograph, <c>lfw/Ashanti/Ashanti_0001.jpg</c>; skips the test without it.</summary>
    public static string Face(string path)
    {
        var file = Path.Combine(Root, "faces", path);
        if (!Path.Exists(file))
            Assert.Ignore(HasFaces ? $"Needs the photograph {path}: put it into ../shared/faces." : NoFaces);

        return file;
    }

    /// <summary>The full path of a model file; skips the test when it is unavailable.</summary>
    public static string Model(string fileName)
    {
        var file = Path.Combine(TestModels.Mirror, fileName);
        return File.Exists(file) ? file : TestModels.Require(fileName);
    }

    /// <summary>The cases, or a single skipped case without photographs.</summary>
    public static IEnumerable<TestCaseData> CasesOfFaces(params object?[][] cases) => Cases(HasFaces, NoFaces, cases);

    /// <summary>The cases, or a single case that is skipped with the reason.</summary>
    public static IEnumerable<TestCaseData> Cases(bool areThere, string reason, params object?[][] cases) => areThere
        ? cases.Select(arguments => new TestCaseData(arguments))
        : [new TestCaseData(cases[0]).SetArgDisplayNames("all").Ignore(reason)];

    private static string FindRepositoryRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "FaceSearch.sln")))
            folder = folder.Parent;

        return folder?.FullName ?? throw new InvalidOperationException("The tests run from inside the checkout.");
    }
}
