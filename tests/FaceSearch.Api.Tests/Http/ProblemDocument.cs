using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using FaceSearch.Api.Http.Problems;
using FaceSearch.Api.Http.Problems.Table;

namespace FaceSearch.Api.Tests.Http;

/// <summary>The table of problems as files of <c>docs</c>.</summary>
internal static class ProblemDocument
{
    private const string Head = """
        # Problems

        Every error is `application/problem+json` (RFC 9457). `type` is `urn:facesearch:problem:` and the code below; the codes
        are part of the API. `title` says what happened, `detail` what to do, `errors` names the fields, `traceId` finds the
        line in the server's log.

        """;

    private const string FaceReasons =
        "**Reasons** of `low-quality` ([the levels](engine.md#quality)), of the faces a picture's enrolment skipped, and of\n"
        + "`/v1/detect`:";

    private const string FileReasons = "The reason of a single file in `failures` is one of the picture codes above, or:";

    private const string Members =
        "Some problems have additional members. `/v1/verify` adds `picture` to the problems of a picture.";

    private static readonly JsonSerializerOptions Json =
        new() { WriteIndented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <returns>The content of <c>problems.md</c>.</returns>
    public static string Render()
    {
        var text = new StringBuilder(Head);
        foreach (var topic in ProblemCatalogue.Topics)
        {
            text.Append(CultureInfo.InvariantCulture, $"\n## {topic.Name}\n");
            if (topic.Note.Length > 0)
                text.Append(CultureInfo.InvariantCulture, $"\n{topic.Note}\n");
            AddTable(text, ["code", "status", "what happened", "what to do"], topic.Problems.Select(RowOf));
            if (topic == PictureProblems.Topic)
                AddReasons(text, FaceReasons, PictureProblems.FaceReasons);
            if (topic == JobProblems.Topic)
                AddReasons(text, FileReasons, JobProblems.FileReasons);
        }

        text.Append(CultureInfo.InvariantCulture, $"\n## Members\n\n{Members}\n");
        AddTable(text, ["member", "meaning", "problems"], ProblemCatalogue.All.Values
            .SelectMany(problem => problem.Facts, (problem, fact) => (problem.Code, fact))
            .GroupBy(pair => pair.fact, pair => $"`{pair.Code}`")
            .Select(group => (string[])[$"`{group.Key.Name}`", group.Key.Meaning, string.Join(", ", group)]));
        return text.ToString();
    }

    /// <returns>
    /// The content of <c>reasons.json</c>: the words of the page and the command line for failed files and jobs, and for
    /// refused faces.
    /// </returns>
    public static string RenderReasons()
    {
        var ofFiles = JobProblems.FileReasons.Select(reason => (reason.Code, reason.Title)).ToList();
        var ofProblems = PictureProblems.Topic.Problems.Concat(ProblemCatalogue.All.Values.Where(problem => problem.FailsJobs))
            .Select(problem => (problem.Code, problem.Title));
        var words = new Dictionary<string, IDictionary<string, string>>
        {
            ["files"] = ofFiles.Concat(ofProblems).DistinctBy(pair => pair.Code).ToDictionary(pair => pair.Code, pair => pair.Title),
            ["faces"] = PictureProblems.FaceReasons
                .ToDictionary(reason => reason.Code, reason => $"{reason.Title}. {reason.Advice}".TrimEnd()),
        };
        return JsonSerializer.Serialize(words, Json) + "\n";
    }

    private static string[] RowOf(KnownProblem problem) =>
        [$"{AnchorOf(problem.Code)}`{problem.Code}`", StatusOf(problem), problem.Title, problem.Advice];

    private static string StatusOf(KnownProblem problem) => problem switch
    {
        { Status: { } status, FailsJobs: true } => $"{status}, job",
        { Status: { } status } => $"{status}",
        { FailsJobs: true } => "job",
        _ => "4xx",
    };

    /// <summary>A code that is also a problem's has its anchor there.</summary>
    private static void AddReasons(StringBuilder text, string intro, IReadOnlyList<KnownReason> reasons)
    {
        text.Append(CultureInfo.InvariantCulture, $"\n{intro}\n");
        AddTable(text, ["reason", "meaning", "what to do"], reasons.Select(reason => (string[])
        [
            $"{(ProblemCatalogue.All.ContainsKey(reason.Code) ? "" : AnchorOf(reason.Code))}`{reason.Code}`",
            reason.Title,
            reason.Advice,
        ]));
    }

    private static string AnchorOf(string code) => $"<a id=\"{code}\"></a>";

    private static void AddTable(StringBuilder text, string[] columns, IEnumerable<string[]> rows)
    {
        text.Append('\n');
        AddRow(text, columns);
        text.Append('|').Insert(text.Length, "---|", columns.Length).Append('\n');
        foreach (var row in rows)
            AddRow(text, row);
    }

    private static void AddRow(StringBuilder text, string[] cells) =>
        text.Append("| ").AppendJoin(" | ", cells).Append(" |\n");
}
