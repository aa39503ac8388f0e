using FaceSearch.Application.Abstractions;

namespace FaceSearch.Infrastructure.Jobs.ArchiveEnrolment;

/// <summary>The collection and model of a job's pictures.</summary>
/// <param name="Owner">The process that runs the job; a batch is stored only while it owns the job.</param>
/// <param name="StoredPositions">The positions that an earlier run of the job has stored.</param>
internal sealed record EnrolmentTarget(
    Guid JobId, string Owner, long CollectionId, IFaceEncoder Encoder, IReadOnlySet<int> StoredPositions);
