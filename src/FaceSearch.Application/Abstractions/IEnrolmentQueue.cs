namespace FaceSearch.Application.Abstractions;

/// <summary>The queue of stored jobs in the database. Any process may take the next job. Thread-safe.</summary>
public interface IEnrolmentQueue
{
    /// <summary>A job was queued or cancelled: waiting callers of this process poll now.</summary>
    void NotifyChanged();

    /// <summary>Completes when the job has ended in any process, with success or failure.</summary>
    Task WaitAsync(Guid jobId, CancellationToken ct);
}
