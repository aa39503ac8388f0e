namespace FaceSearch.Application.Abstractions;

/// <summary>The stored jobs wait in the database; whichever process is free takes the next one. Thread-safe.</summary>
public interface IEnrolmentQueue
{
    /// <summary>A job was queued or cancelled: whoever waits in this process looks now, not at the next poll.</summary>
    void Announce();

    /// <summary>Completes when the job has ended, whichever process runs it and however it ended.</summary>
    Task WaitAsync(Guid jobId, CancellationToken ct);
}
