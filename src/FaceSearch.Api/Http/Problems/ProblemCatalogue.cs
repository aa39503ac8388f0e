using System.Text.Json.Nodes;
using FaceSearch.Api.Http.Problems.Table;

namespace FaceSearch.Api.Http.Problems;

/// <summary>Every problem of the API. <c>docs/problems.md</c> and the OpenAPI document are made from it.</summary>
internal static class ProblemCatalogue
{
    public static IReadOnlyList<ProblemTopic> Topics { get; } =
    [
        CommonProblems.Topic,
        CollectionProblems.Topic,
        PictureProblems.Topic,
        PersonProblems.Search,
        PersonProblems.Persons,
        JobProblems.Topic,
    ];

    public static IReadOnlyDictionary<string, KnownProblem> All { get; } =
        Topics.SelectMany(topic => topic.Problems).ToDictionary(problem => problem.Code);

    /// <exception cref="KeyNotFoundException">No problem of this code is the answer of an operation.</exception>
    public static int StatusOf(string code) => All.GetValueOrDefault(code)?.Status
        ?? throw new KeyNotFoundException($"ProblemCatalogue has no status for the problem '{code}'.");

    public static JsonObject ExampleOf(string code)
    {
        var problem = All[code];
        var example = new JsonObject
        {
            ["type"] = ProblemMapping.TypePrefix + code,
            ["title"] = problem.Title,
            ["status"] = StatusOf(code),
            ["detail"] = $"{problem.Title}. {problem.Advice}".Replace('`', '\''),
            ["traceId"] = "0HNHQ5K1V2F3A:00000001",
        };
        foreach (var fact in problem.Facts)
            example[fact.Name] = fact.Example.DeepClone();
        return example;
    }
}
