using System.Globalization;
using System.Reflection;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.WebUtilities;

namespace FaceSearch.Api.Http.Problems;

/// <summary>The problems of <c>docs/problems.md</c>, which is part of the program: code, status and what to do.</summary>
internal static class ProblemCatalogue
{
    private static readonly Regex Row = new(
        """^\| <a id="(?<code>[a-z-]+)"></a>`[a-z-]+` \| (?<status>\d{3})(, job)? \| (?<what>[^|\r\n]+?) \|\r?$""",
        RegexOptions.Multiline | RegexOptions.NonBacktracking);

    private static readonly Lazy<IReadOnlyDictionary<string, KnownProblem>> Loaded = new(Load);

    /// <summary>The additional members of the problems.</summary>
    private static readonly Dictionary<string, JsonObject> Facts = new()
    {
        ["invalid-request"] = new() { ["errors"] = new JsonObject { ["limit"] = new JsonArray("limit is a whole number from 1 to 500.") } },
        ["unknown-parameter"] = new() { ["parameter"] = "tolerence", ["nearest"] = "tolerance" },
        ["person-exists"] = new() { ["personId"] = "4" },
        ["model-mismatch"] = new() { ["model"] = "mobilefacenet-v1" },
        ["near-duplicate"] = new() { ["faceId"] = "17", ["distance"] = 0.04 },
        ["external-id-taken"] = new() { ["faceId"] = "17" },
        ["several-faces"] = new() { ["faces"] = 3 },
        ["low-quality"] = new()
        {
            ["reasons"] = new JsonArray("SMALL_BOUNDING_BOX", "LOW_SHARPNESS"),
            ["quality"] = new JsonObject
            {
                ["size"] = 24, ["sharpness"] = 12.5, ["brightness"] = 91.2, ["yaw"] = 4.1, ["pitch"] = -2.7, ["roll"] = 1.3,
            },
        },
        ["damaged-export"] = new() { ["entry"] = "faces.jsonl" },
        ["job-cancelled"] = new() { ["jobId"] = "0199c7a2-6f0e-7d4b-9a53-1c2f4be0a7d1", ["inserted"] = 127 },
        ["duplicate-picture"] = new() { ["faceId"] = "17", ["imageId"] = "12" },
    };

    public static IReadOnlyDictionary<string, KnownProblem> All => Loaded.Value;

    /// <exception cref="KeyNotFoundException">The code has no row in <c>docs/problems.md</c>.</exception>
    public static int StatusOf(string code) => Loaded.Value.TryGetValue(code, out var problem)
        ? problem.Status
        : throw new KeyNotFoundException($"docs/problems.md has no row for the problem '{code}'.");

    public static JsonObject ExampleOf(string code)
    {
        var problem = Loaded.Value[code];
        var example = new JsonObject
        {
            ["type"] = ProblemMapping.TypePrefix + code,
            ["title"] = ReasonPhrases.GetReasonPhrase(problem.Status),
            ["status"] = problem.Status,
            ["detail"] = problem.WhatToDo,
            ["traceId"] = "0HNHQ5K1V2F3A:00000001",
        };
        foreach (var (name, value) in Facts.GetValueOrDefault(code) ?? [])
            example[name] = value?.DeepClone();
        return example;
    }

    private static Dictionary<string, KnownProblem> Load()
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("problems.md")!;
        using var reader = new StreamReader(stream);
        return Row.Matches(reader.ReadToEnd())
            .Select(row => new KnownProblem(
                row.Groups["code"].Value,
                int.Parse(row.Groups["status"].ValueSpan, CultureInfo.InvariantCulture),
                Sentence(row.Groups["what"].Value)))
            .ToDictionary(problem => problem.Code);
    }

    private static string Sentence(string cell)
    {
        var text = cell.Trim().Replace('`', '\'');
        return $"{char.ToUpperInvariant(text[0])}{text[1..]}.";
    }
}

internal sealed record KnownProblem(string Code, int Status, string WhatToDo);
