namespace FaceSearch.Domain.Enrolment;

public enum EnrolmentJobState
{
    Queued = 1,
    Running = 2,
    Succeeded = 3,
    Failed = 4,
}

/// <summary>One bulk enrolment: a zip of pictures on its way into a collection.</summary>
public sealed class EnrolmentJob
{
    public const int FailureMaxLength = 500;

    public Guid Id { get; init; } = Guid.CreateVersion7();

    public long CollectionId { get; init; }

    public EnrolmentJobState State { get; private set; } = EnrolmentJobState.Queued;

    /// <summary>Why the whole job failed: a code of <c>docs/problems.md</c>; null otherwise.</summary>
    public string? FailureCode { get; private set; }

    public string? Failure { get; private set; }

    /// <summary>Pictures in the zip; null until it has been opened.</summary>
    public int? Total { get; private set; }

    public int Inserted { get; private set; }

    public int Duplicates { get; private set; }

    public int Failed { get; private set; }

    public int Skipped { get; private set; }

    public DateTime CreatedAt { get; init; }

    public DateTime? StartedAt { get; private set; }

    public DateTime? EndedAt { get; private set; }

    public bool HasEnded => State is EnrolmentJobState.Succeeded or EnrolmentJobState.Failed;

    /// <summary>Also the way back in after a restart: a running job starts again where its stored items end.</summary>
    public void Start(int total, DateTime now)
    {
        RequireNotEnded();
        State = EnrolmentJobState.Running;
        Total = total;
        StartedAt ??= now;
    }

    public void Count(EnrolmentOutcome outcome)
    {
        RequireNotEnded();
        switch (outcome)
        {
            case EnrolmentOutcome.Inserted: Inserted++; break;
            case EnrolmentOutcome.Duplicate: Duplicates++; break;
            case EnrolmentOutcome.Skipped: Skipped++; break;
            case EnrolmentOutcome.Failed: Failed++; break;
            default: throw new ArgumentOutOfRangeException(nameof(outcome), outcome, null);
        }
    }

    public void Succeed(DateTime now) => End(EnrolmentJobState.Succeeded, now);

    public void Fail(string code, string failure, DateTime now)
    {
        ArgumentNullException.ThrowIfNull(failure);
        End(EnrolmentJobState.Failed, now);
        FailureCode = code;
        Failure = failure.Length <= FailureMaxLength ? failure : failure[..FailureMaxLength];
    }

    private void End(EnrolmentJobState state, DateTime now)
    {
        RequireNotEnded();
        State = state;
        EndedAt = now;
    }

    private void RequireNotEnded()
    {
        if (HasEnded)
            throw new InvalidOperationException($"The job has ended ({State}).");
    }
}
