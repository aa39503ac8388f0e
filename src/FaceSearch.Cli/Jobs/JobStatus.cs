using FaceSearch.Client;

namespace FaceSearch.Cli.Jobs;

/// <summary>The progress of some jobs and their upload. Thread-safe.</summary>
internal sealed class JobStatus
{
    private readonly Lock gate = new();
    private readonly Dictionary<Guid, EnrolmentJobResponse> jobs = [];
    private long bytesSent;
    private string? step;
    private string? trouble;

    /// <summary>Bytes to send; 0 when there is no upload.</summary>
    public long BytesToSend { get; init; }

    /// <summary>Pictures of the whole import; null when only the server knows.</summary>
    public int? Pictures { get; init; }

    public void Tell(EnrolmentJobResponse job)
    {
        lock (gate)
            jobs[job.JobId] = job;
    }

    public void Sent(long bytes)
    {
        lock (gate)
            bytesSent = bytes;
    }

    /// <param name="words">The current step beside the jobs: reading, sending.</param>
    public void Step(string? words)
    {
        lock (gate)
            step = words;
    }

    public void Trouble(string? words)
    {
        lock (gate)
            trouble = words;
    }

    public JobSnapshot Read()
    {
        lock (gate)
        {
            var running = jobs.Values.FirstOrDefault(job => job.State is EnrolmentJobState.Running);
            return new JobSnapshot(
                step,
                trouble,
                Math.Min(bytesSent, BytesToSend),
                BytesToSend,
                jobs.Values.Sum(job => job.Done),
                Pictures ?? (jobs.Count > 0 && jobs.Values.All(job => job.Total is not null) ? jobs.Values.Sum(job => job.Total) : null),
                jobs.Values.Sum(job => job.Failed),
                running?.PerSecond)
            {
                IsCalibration = jobs.Count > 0 && jobs.Values.All(job => job.Kind == JobKind.Calibration),
            };
        }
    }
}

/// <param name="PerSecond">Pictures per second of the running job.</param>
internal sealed record JobSnapshot(
    string? Step, string? Trouble, long BytesSent, long BytesToSend, int Done, int? Total, int Failed, double? PerSecond)
{
    /// <summary>The jobs measure faces; they enrol no pictures.</summary>
    public bool IsCalibration { get; init; }

    public string Work => IsCalibration ? "Calibration" : "Enrolment";

    public double? SecondsLeft => PerSecond > 0 && Total is { } total ? Math.Round((total - Done) / PerSecond.Value, 1) : null;
}
