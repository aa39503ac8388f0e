using FaceSearch.Domain.Enrolment;

namespace FaceSearch.Infrastructure.Jobs;

/// <summary>Runs the jobs of one kind. Thread-safe.</summary>
internal interface IJobHandler
{
    bool CanRun(EnrolmentJob job);

    /// <summary>Runs a job that this process holds, from its start, or from where its stored items end, to its end.</summary>
    /// <exception cref="JobInterruptedException">The job was cancelled, is lost, or its collection has another model.</exception>
    Task RunAsync(Guid jobId, CancellationToken ct);
}
