using FaceSearch.Domain.Enrolment;

namespace FaceSearch.Infrastructure.Jobs;

/// <summary>Runs the jobs of some kinds. Thread-safe.</summary>
internal interface IJobHandler
{
    IReadOnlyCollection<EnrolmentJobKind> Kinds { get; }

    JobLane Lane { get; }

    /// <summary>
    /// Runs a job that this process holds to its end, from its start or from where its stored progress ends. Reports
    /// progress to the run; without it the job loses its lease.
    /// </summary>
    /// <exception cref="JobInterruptedException">The job was cancelled, is lost, or its collection has another model.</exception>
    Task RunAsync(JobRun run, CancellationToken ct);
}
