namespace FaceSearch.Application.Abstractions;

/// <summary>The queue of stored jobs in the database. Any process may take the next job. Thread-safe.</summary>
public interface IEnrolmentQueue
{
    /// <summary>A job was queued or cancelled: waiting callers of this process poll now.</summary>
    void NotifyChanged();

    /// <summary>Completes when the job has ended in any process, with success or failure.</summary>
    Task WaitAsync(Guid jobId, CancellationToken ct);
}

internal static class EnrolmentQueueExtensions
{
    /// <summary>Waits for the end of a job, but not longer than a time, nor for a caller that has disconnected.</summary>
    /// <returns>False when the job has not ended by then.</returns>
    public static async Task<bool> TryWaitAsync(
        this IEnrolmentQueue queue, Guid jobId, TimeSpan longest, ICaller caller, TimeProvider time, CancellationToken ct)
    {
        using var timeout = new CancellationTokenSource(longest, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, timeout.Token, caller.Disconnected);
        try
        {
            await queue.WaitAsync(jobId, either.Token);
            return true;
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return false;
        }
    }
}
