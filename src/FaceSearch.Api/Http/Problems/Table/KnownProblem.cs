using System.Text.Json.Nodes;

namespace FaceSearch.Api.Http.Problems.Table;

/// <summary>A problem of the API. Its code and its status are part of the API.</summary>
/// <param name="Status">Null for <c>http-error</c>, and for a code that only jobs have.</param>
/// <param name="Title">What happened, without a full stop.</param>
/// <param name="Advice">What to do, in sentences. Names of the API stand in backticks.</param>
/// <param name="Facts">The additional members of the problem.</param>
internal sealed record KnownProblem(string Code, int? Status, string Title, string Advice, params IReadOnlyList<ProblemFact> Facts)
{
    /// <summary>The code is the <c>failureCode</c> of a job.</summary>
    public bool FailsJobs { get; init; }
}

/// <summary>An additional member of a problem.</summary>
/// <param name="Meaning">Also the member's description in the OpenAPI document.</param>
internal sealed record ProblemFact(string Name, string Meaning, JsonNode Example);

/// <summary>Why a file of a job, or a face of a picture, was not enrolled.</summary>
/// <param name="Title">What happened, without a full stop.</param>
/// <param name="Advice">What to do, in sentences; empty where nothing is to be done.</param>
internal sealed record KnownReason(string Code, string Title, string Advice = "");

/// <summary>A section of the document.</summary>
/// <param name="Note">In Markdown, above the rows; empty for none.</param>
internal sealed record ProblemTopic(string Name, string Note, IReadOnlyList<KnownProblem> Problems);
