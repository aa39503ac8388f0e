using FaceSearch.Application.Abstractions;

namespace FaceSearch.Infrastructure.Jobs.ArchiveEnrolment;

/// <summary>The collection and model of a job's pictures.</summary>
/// <param name="Run">A batch is stored only while this run owns the job.</param>
/// <param name="StoredPositions">The positions that an earlier run of the job has stored.</param>
internal sealed record EnrolmentTarget(
    JobRun Run, long CollectionId, IFaceEncoder Encoder, IReadOnlySet<int> StoredPositions)
{
    public Guid JobId => Run.JobId;
}
