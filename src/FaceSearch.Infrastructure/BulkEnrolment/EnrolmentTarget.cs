using FaceSearch.Application.Abstractions;

namespace FaceSearch.Infrastructure.BulkEnrolment;

/// <summary>Where a job's pictures go.</summary>
/// <param name="Owner">The process that runs the job; a batch is stored only while it still does.</param>
/// <param name="StoredPositions">What an earlier run of the job has stored already.</param>
internal sealed record EnrolmentTarget(
    Guid JobId, string Owner, long CollectionId, IFaceEncoder Encoder, IReadOnlySet<int> StoredPositions);
