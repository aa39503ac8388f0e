using System.Security.Cryptography;
using System.Text;

namespace FaceSearch.ProfileBenchmarks;

/// <summary>A person of the folder, and the paths of the pictures below it, both in ordinal order.</summary>
internal sealed record Person(string Name, IReadOnlyList<string> Pictures);

/// <summary>
/// A folder with one folder of pictures per person, and the people that a projection is fitted on. SHA-256 chooses them,
/// so the choice is the same on every runtime.
/// </summary>
internal sealed class OpenFaces
{
    /// <summary>The number of people that a projection is fitted on.</summary>
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

    /// <summary>All other people, by name.</summary>
    public IReadOnlyList<Person> Test { get; }

    /// <exception cref="InvalidDataException">There are fewer people with one picture than a fit needs.</exception>
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

    /// <summary>The SHA-256 of the names of the fit's people, one per line.</summary>
    public string FitSha256() => Key(string.Join('\n', Fit.Select(person => person.Name)));

    /// <summary>The sort key of a pseudo-random order that is always the same.</summary>
    public static string Key(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
