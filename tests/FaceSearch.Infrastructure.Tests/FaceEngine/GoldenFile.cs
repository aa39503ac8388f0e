using System.Text.Json;
using FaceSearch.TestSupport;

namespace FaceSearch.Infrastructure.Tests.FaceEngine;

/// <summary>
/// Answers to real photographs that must not change, in <c>tests/TestData/golden</c>. With <c>UPDATE_GOLDEN=1</c> they are
/// written again before they are compared.
/// </summary>
/// <param name="pictures">Under <c>../shared/faces</c>, in the order of the answers.</param>
internal sealed class GoldenFile<T>(string name, string[] pictures, Func<string[], IEnumerable<T>> answer)
{
    private readonly Lazy<T[]> answers = new(() => Read(name, () => answer(pictures)));

    /// <summary>The pictures, or one case that is skipped where there are no photographs.</summary>
    public IEnumerable<TestCaseData> Cases() =>
        SharedData.CasesOfFaces([.. pictures.Select(path => new object?[] { path })]);

    public T Of(string picture) => answers.Value[Array.IndexOf(pictures, picture)];

    private static T[] Read(string name, Func<IEnumerable<T>> answer)
    {
        var path = Path.Combine(SharedData.RepositoryRoot, "tests", "TestData", "golden", name);
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
            File.WriteAllText(path, JsonSerializer.Serialize(answer()) + "\n");

        return JsonSerializer.Deserialize<T[]>(File.ReadAllBytes(path))!;
    }
}
