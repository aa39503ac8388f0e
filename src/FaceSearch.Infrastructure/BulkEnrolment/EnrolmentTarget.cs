using FaceSearch.Application.Abstractions;

namespace FaceSearch.Infrastructure.BulkEnrolment;

/// <summary>Where a job's pictures go.</summary>
/// <param name="StoredPositions">What an earlier run of the job has stored already.</param>
internal sealed record EnrolmentTarget(
    Guid JobId, long CollectionId, IFaceEncoder Encoder, IReadOnlySet<int> StoredPositions);
