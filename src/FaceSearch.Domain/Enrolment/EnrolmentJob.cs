namespace FaceSearch.Domain.Enrolment;

/// <summary>Where a job is on its way; the last three are ends.</summary>
public enum EnrolmentJobState
{
    Queued = 1,
    Running = 2,
    Succeeded = 3,
    Failed = 4,
    Cancelled = 5,
}

public enum EnrolmentJobKind
{
    /// <summary>A zip of pictures on its way into a collection.</summary>
    Archive = 1,

    /// <summary>The collection's stored pictures, embedded anew by another model.</summary>
    Reembedding = 2,

    /// <summary>The same; the faces that can't be embedded anew are removed instead of keeping the collection as it is.</summary>
    ReembeddingOrRemoval = 3,
}

/// <summary>Work on many pictures that survives its process.</summary>
public sealed class EnrolmentJob
{
    public const int FailureMaxLength = 500;

    public const int OwnerMaxLength = 64;

    /// <summary>Version 7: ids grow with time, so the order of ids is the order of jobs.</summary>
    public Guid Id { get; init; } = Guid.CreateVersion7();

    public long CollectionId { get; init; }

    public EnrolmentJobKind Kind { get; init; } = EnrolmentJobKind.Archive;

    /// <summary>The model a re-embedding ends with; null otherwise.</summary>
    public string? Model { get; init; }

    public EnrolmentJobState State { get; private set; } = EnrolmentJobState.Queued;

    /// <summary>Why the whole job failed: a code of <c>docs/problems.md</c>; null otherwise.</summary>
    public string? FailureCode { get; private set; }

    public string? Failure { get; private set; }

    /// <summary>Pictures in the zip, or in the collection; null until the job has begun.</summary>
    public int? Total { get; private set; }

    public int Inserted { get; private set; }

    public int Duplicates { get; private set; }

    public int Failed { get; private set; }

    public int Skipped { get; private set; }

    /// <summary>Somebody wants the running job to stop; its owner ends it at the next batch.</summary>
    public bool CancelRequested { get; private set; }

    /// <summary>The process that runs the job; null when none does. Only the owner changes a running job.</summary>
    public string? Owner { get; private set; }

    /// <summary>When another process may take the job over, unless the owner renews; in the database's time.</summary>
    public DateTime? LeasedUntil { get; private set; }

    public DateTime CreatedAt { get; init; }

    public DateTime? StartedAt { get; private set; }

    /// <summary>When the present run began: later than <see cref="StartedAt"/> after a restart.</summary>
    public DateTime? ResumedAt { get; private set; }

    /// <summary>What earlier runs had done already.</summary>
    public int DoneBefore { get; private set; }

    /// <summary>When the counts last grew.</summary>
    public DateTime? ProgressedAt { get; private set; }

    public DateTime? EndedAt { get; private set; }

    public bool IsReembedding => Kind is EnrolmentJobKind.Reembedding or EnrolmentJobKind.ReembeddingOrRemoval;

    /// <summary>Whether a re-embedding removes the faces it can't embed anew.</summary>
    public bool DropsFailed => Kind == EnrolmentJobKind.ReembeddingOrRemoval;

    public int Done => Inserted + Duplicates + Failed + Skipped;

    public bool HasEnded =>
        State is EnrolmentJobState.Succeeded or EnrolmentJobState.Failed or EnrolmentJobState.Cancelled;

    /// <summary>Of the present run; null before its first batch.</summary>
    public double? PicturesPerSecond =>
        ProgressedAt > ResumedAt ? (Done - DoneBefore) / (ProgressedAt - ResumedAt).Value.TotalSeconds : null;

    /// <summary>At the pace of the present run; null when that can't be told, or when the job has ended.</summary>
    public TimeSpan? TimeLeft =>
        !HasEnded && Total is { } total && PicturesPerSecond is { } pace and > 0
            ? TimeSpan.FromSeconds((total - Done) / pace)
            : null;

    /// <summary>Also the way back in after a restart: a running job starts again where its stored items end.</summary>
    public void Start(int total, DateTime now)
    {
        RequireNotEnded();
        State = EnrolmentJobState.Running;
        Total = total;
        StartedAt ??= now;
        ResumedAt = now;
        DoneBefore = Done;
        ProgressedAt = null;
    }

    /// <summary>
    /// For work on a collection, which grows and shrinks while the job runs: what there is to do, and what of it is done.
    /// The pace is that of the present run and stays as it is.
    /// </summary>
    public void TakeStock(int total, int inserted, int failed)
    {
        RequireNotEnded();
        DoneBefore += inserted + failed - Done;
        (Total, Inserted, Failed) = (total, inserted, failed);
        (Duplicates, Skipped) = (0, 0);
    }

    public void Count(IEnumerable<EnrolmentOutcome> outcomes, DateTime now)
    {
        ArgumentNullException.ThrowIfNull(outcomes);
        RequireNotEnded();
        foreach (var outcome in outcomes)
            Count(outcome);

        ProgressedAt = now;
    }

    public void Succeed(DateTime now) => End(EnrolmentJobState.Succeeded, now);

    public void Fail(string code, string failure, DateTime now)
    {
        ArgumentNullException.ThrowIfNull(failure);
        End(EnrolmentJobState.Failed, now);
        FailureCode = code;
        Failure = failure.Length <= FailureMaxLength ? failure : failure[..FailureMaxLength];
    }

    /// <summary>Ends a job that nobody runs; a running one is left to its owner, who calls <see cref="Stop"/>.</summary>
    public void Cancel(DateTime now)
    {
        RequireNotEnded();
        CancelRequested = true;
        if (Owner is null)
            Stop(now);
    }

    /// <summary>The owner obeys <see cref="CancelRequested"/>. What was stored until then stays.</summary>
    public void Stop(DateTime now) => End(EnrolmentJobState.Cancelled, now);

    /// <summary>
    /// Queues an ended job once more, for what it left undone. The items that failed must be removed with it: the
    /// job takes up every entry that has no item.
    /// </summary>
    public void Retry()
    {
        if (!HasEnded)
            throw new InvalidOperationException($"The job has not ended ({State}).");

        State = EnrolmentJobState.Queued;
        Failed = 0;
        CancelRequested = false;
        (FailureCode, Failure, EndedAt) = (null, null, null);
    }

    private void Count(EnrolmentOutcome outcome)
    {
        switch (outcome)
        {
            case EnrolmentOutcome.Inserted: Inserted++; break;
            case EnrolmentOutcome.Duplicate: Duplicates++; break;
            case EnrolmentOutcome.Skipped: Skipped++; break;
            case EnrolmentOutcome.Failed: Failed++; break;
            default: throw new ArgumentOutOfRangeException(nameof(outcome), outcome, null);
        }
    }

    private void End(EnrolmentJobState state, DateTime now)
    {
        RequireNotEnded();
        State = state;
        EndedAt = now;
        (Owner, LeasedUntil) = (null, null);
    }

    private void RequireNotEnded()
    {
        if (HasEnded)
            throw new InvalidOperationException($"The job has ended ({State}).");
    }
}
