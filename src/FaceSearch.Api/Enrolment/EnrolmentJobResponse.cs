using System.Text.Json.Serialization;
using FaceSearch.Api.Http.Annotations;
using FaceSearch.Application.Erasure;
using FaceSearch.Application.Jobs;
using FaceSearch.Application.Paging;
using FaceSearch.Domain.Enrolment;
using Microsoft.AspNetCore.Mvc;

namespace FaceSearch.Api.Enrolment;

/// <summary>A finished bulk enrolment; with 'Prefer: respond-async' one that begins, with all counts 0.</summary>
/// <param name="Inserted">Faces enrolled: the main face of each picture.</param>
/// <param name="Duplicates">Pictures that were enrolled already, byte for byte.</param>
/// <param name="Failed">Pictures that yielded no face, or could not be read.</param>
/// <param name="Skipped">Files that operating systems leave in archives.</param>
/// <param name="Failures">The first 1,000 failed pictures with their reasons.</param>
public sealed record BulkEnrolmentResponse(
    Guid JobId, int Inserted, int Duplicates, int Failed, int Skipped, IReadOnlyList<FailureResponse> Failures,
    string Model)
{
    internal static BulkEnrolmentResponse From(EnrolmentJobResult result) => new(
        result.Job.Id,
        result.Job.Inserted,
        result.Job.Duplicates,
        result.Job.Failed,
        result.Job.Skipped,
        FailureResponse.From(result.Failures),
        result.Model);
}

/// <summary>What a job does. Later versions add values.</summary>
public enum JobKind
{
    /// <summary>Enrols a zip of pictures.</summary>
    Archive,

    /// <summary>Embeds a collection's stored pictures again.</summary>
    Reembedding,

    /// <summary>Finishes the erasure of a person.</summary>
    PersonErasure,

    /// <summary>Finishes the removal of faces.</summary>
    FaceRemoval,

    /// <summary>Stores an exported collection.</summary>
    Import,

    /// <summary>Measures the distances between a collection's faces.</summary>
    Calibration,

    /// <summary>Deletes the data of a removed collection.</summary>
    CollectionRemoval,
}

/// <summary>A queued, running or ended job. The counts are those of committed rows.</summary>
/// <param name="Collection">The collection that it works on. An import creates a missing one when the export is verified.</param>
/// <param name="Model">The model that embeds its faces; for a re-embedding, the collection's new model; for an import, the export's.</param>
/// <param name="CancelRequested">The job will stop at its next batch.</param>
/// <param name="Total">Files in the archive, pictures in the collection, or faces to measure; null until the job has begun.</param>
/// <param name="Inserted">Pictures enrolled, embedded again, or imported, or faces measured.</param>
/// <param name="Done">Files whose outcome is known: inserted, duplicates, failed and skipped together.</param>
/// <param name="PerSecond">Files per second since a process last started the job; null before its first batch.</param>
/// <param name="SecondsLeft">Estimated from that rate; null when it is unknown.</param>
/// <param name="FailureCode">Why the whole job failed; null otherwise.</param>
/// <param name="Attempts">Starts since the last progress. After three the job fails.</param>
/// <param name="LastError">Why the last attempt ended early: an exception's type, or a code; null when none did.</param>
/// <param name="Receipt">What the erasure of a person deletes; complete when the job has succeeded. Null for other jobs.</param>
/// <param name="Import">What an import has added; null for other kinds.</param>
public sealed record EnrolmentJobResponse(
    Guid JobId,
    JobKind Kind,
    string Collection,
    EnrolmentJobState State,
    bool CancelRequested,
    int? Total,
    int Done,
    int Inserted,
    int Duplicates,
    int Failed,
    int Skipped,
    double? PerSecond,
    double? SecondsLeft,
    IReadOnlyList<FailureResponse> Failures,
    string Model,
    DateTime CreatedAt,
    DateTime? StartedAt,
    DateTime? EndedAt,
    string? FailureCode,
    string? Failure,
    int Attempts,
    string? LastError,
    ErasureReceiptResponse? Receipt,
    ImportResponse? Import)
{
    internal static EnrolmentJobResponse From(EnrolmentJobResult result) => new(
        result.Job.Id,
        KindOf(result.Job.Kind),
        result.Collection,
        result.Job.State,
        result.Job.CancelRequested,
        result.Job.Total,
        result.Job.Done,
        result.Job.Inserted,
        result.Job.Duplicates,
        result.Job.Failed,
        result.Job.Skipped,
        Rounded(result.Job.PicturesPerSecond),
        Rounded(result.Job.TimeLeft?.TotalSeconds),
        FailureResponse.From(result.Failures),
        result.Model,
        result.Job.CreatedAt,
        result.Job.StartedAt,
        result.Job.EndedAt,
        result.Job.FailureCode,
        result.Job.Failure,
        result.Job.Attempts,
        result.Job.LastError,
        ReceiptOf(result.Job),
        result.Import is { } import ? ImportResponse.From(result.Job, import) : null);

    /// <summary>202 with the job's address.</summary>
    internal static AcceptedResult Accept(HttpResponse response, EnrolmentJobResult job) =>
        Accept(response, job.Job.Id, From(job));

    /// <summary>202 with the job's address, and a body of the type that the call answers without a job.</summary>
    internal static AcceptedResult Accept(HttpResponse response, Guid jobId, object body)
    {
        response.Headers.RetryAfter = "1";
        return new AcceptedResult($"/v1/jobs/{jobId}", body);
    }

    /// <summary>
    /// 202 with the job's address only: generated clients take a call's successful answers as one type, and the other answer
    /// of these calls is 204.
    /// </summary>
    internal static StatusCodeResult AcceptWithoutBody(HttpResponse response, Guid jobId)
    {
        response.Headers.RetryAfter = "1";
        response.Headers.Location = $"/v1/jobs/{jobId}";
        return new StatusCodeResult(StatusCodes.Status202Accepted);
    }

    private static ErasureReceiptResponse? ReceiptOf(EnrolmentJob job) => ErasureReceipt.Of(job) is { } receipt
        ? ErasureReceiptResponse.From(receipt, job.State == EnrolmentJobState.Succeeded ? null : job.Id)
        : null;

    private static JobKind KindOf(EnrolmentJobKind kind) => kind switch
    {
        EnrolmentJobKind.Archive => JobKind.Archive,
        EnrolmentJobKind.Reembedding or EnrolmentJobKind.ReembeddingOrRemoval => JobKind.Reembedding,
        EnrolmentJobKind.CollectionImport => JobKind.Import,
        EnrolmentJobKind.PersonErasure => JobKind.PersonErasure,
        EnrolmentJobKind.FaceRemoval => JobKind.FaceRemoval,
        EnrolmentJobKind.Calibration => JobKind.Calibration,
        EnrolmentJobKind.CollectionRemoval => JobKind.CollectionRemoval,
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
    };

    private static double? Rounded(double? value) => value is { } number ? Math.Round(number, 1) : null;
}

/// <summary>A picture of an archive that was not enrolled.</summary>
/// <param name="Name">The picture's path in the archive.</param>
/// <param name="Reason">A code of <c>docs/problems.md</c>: <c>no-face</c>.</param>
public sealed record FailureResponse(string Name, string Reason)
{
    internal static IReadOnlyList<FailureResponse> From(IReadOnlyList<EnrolmentItem> items) =>
        [.. items.Select(item => new FailureResponse(item.Name, item.Reason ?? string.Empty))];
}

/// <summary>A page of jobs, newest first.</summary>
/// <param name="NextCursor">Ask again with it as 'cursor' for older jobs; absent at the end.</param>
public sealed record EnrolmentJobListResponse(
    [property: Limits(MaxItems = Page.MaxLimit)] IReadOnlyList<EnrolmentJobResponse> Jobs,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? NextCursor)
{
    internal static EnrolmentJobListResponse From(Page<EnrolmentJobResult> page) =>
        new([.. page.Items.Select(EnrolmentJobResponse.From)], page.NextCursor);
}
