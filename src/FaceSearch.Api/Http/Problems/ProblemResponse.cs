using System.Text.Json.Serialization;
using FaceSearch.Api.Contracts;
using FaceSearch.Domain.Quality;

namespace FaceSearch.Api.Http.Problems;

// It describes the document only: problems are written as the framework's own problem details.

/// <summary>Why a call was refused (RFC 9457).</summary>
/// <param name="Type">`urn:facesearch:problem:` and a code of docs/problems.md; codes are stable.</param>
/// <param name="Title">What happened; the same for each problem of the code.</param>
/// <param name="Status">The HTTP status.</param>
/// <param name="Detail">What is wrong and what to do about it.</param>
/// <param name="TraceId">Finds the request in the server's log.</param>
/// <param name="Errors">What is wrong by field.</param>
/// <param name="Parameter">The parameter, form field or JSON member that the call does not take.</param>
/// <param name="Nearest">What the call takes, by the name most like it.</param>
/// <param name="FaceId">The enrolled face that conflicts.</param>
/// <param name="ImageId">The enrolled picture that conflicts.</param>
/// <param name="PersonId">The person that has the name already.</param>
/// <param name="Distance">The distance of the enrolled face.</param>
/// <param name="Picture">Which of several pictures was refused.</param>
/// <param name="JobId">The job that stopped.</param>
/// <param name="Inserted">Faces that the job had enrolled by then.</param>
/// <param name="Model">The model that the collection is of.</param>
/// <param name="Entry">The file of the archive that was refused.</param>
/// <param name="FaceCount">How many faces the picture shows.</param>
/// <param name="Quality">What was measured on the face.</param>
/// <param name="Reasons">Why the face is of too low quality.</param>
public sealed record ProblemResponse(
    string Type,
    string Title,
    int Status,
    string Detail,
    string TraceId,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyDictionary<string, string[]>? Errors,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Parameter,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Nearest,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? FaceId,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? ImageId,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? PersonId,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] double? Distance,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Picture,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? JobId,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? Inserted,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Model,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Entry,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? FaceCount,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<RefusalReason>? Reasons,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] QualityResponse? Quality);
