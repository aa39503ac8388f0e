using FaceSearch.Domain.Enrolment;

namespace FaceSearch.Infrastructure.Jobs;

/// <summary>One attempt at a job, from taking it until it ends or is released. Thread-safe.</summary>
/// <param name="owner">Unique per attempt, so that an abandoned attempt stores nothing more.</param>
/// <param name="attempts">The attempts since the last progress, with this one.</param>
internal sealed class JobRun(Guid jobId, EnrolmentJobKind kind, string owner, int attempts, TimeProvider time)
{
    private long progressedAt = time.GetTimestamp();

    public Guid JobId => jobId;

    public EnrolmentJobKind Kind => kind;

    public string Owner => owner;

    public int Attempts => attempts;

    public TimeSpan SinceProgress => time.GetElapsedTime(Volatile.Read(ref progressedAt));

    /// <summary>The handler has done a part of its work, for example one picture.</summary>
    public void ReportProgress() => Volatile.Write(ref progressedAt, time.GetTimestamp());
}
