using FaceSearch.Application.Enrolment;
using FaceSearch.Domain.Enrolment;

namespace FaceSearch.Api.Contracts;

/// <summary>A finished bulk enrolment.</summary>
/// <param name="Inserted">Faces enrolled: one a picture, the largest.</param>
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

/// <summary>A bulk enrolment on its way or at its end; the counts are those of committed rows.</summary>
/// <param name="Total">Files in the archive; null until it has been opened.</param>
/// <param name="FailureCode">Why the whole job failed; null otherwise.</param>
public sealed record EnrolmentJobResponse(
    Guid JobId,
    EnrolmentJobState State,
    int? Total,
    int Inserted,
    int Duplicates,
    int Failed,
    int Skipped,
    IReadOnlyList<FailureResponse> Failures,
    string Model,
    DateTime CreatedAt,
    DateTime? StartedAt,
    DateTime? EndedAt,
    string? FailureCode,
    string? Failure)
{
    internal static EnrolmentJobResponse From(EnrolmentJobResult result) => new(
        result.Job.Id,
        result.Job.State,
        result.Job.Total,
        result.Job.Inserted,
        result.Job.Duplicates,
        result.Job.Failed,
        result.Job.Skipped,
        FailureResponse.From(result.Failures),
        result.Model,
        result.Job.CreatedAt,
        result.Job.StartedAt,
        result.Job.EndedAt,
        result.Job.FailureCode,
        result.Job.Failure);
}

/// <param name="Name">The picture's path in the archive.</param>
/// <param name="Reason">A code of <c>docs/problems.md</c>: <c>no-face</c>.</param>
public sealed record FailureResponse(string Name, string Reason)
{
    internal static IReadOnlyList<FailureResponse> From(IReadOnlyList<EnrolmentItem> items) =>
        [.. items.Select(item => new FailureResponse(item.Name, item.Reason ?? string.Empty))];
}
