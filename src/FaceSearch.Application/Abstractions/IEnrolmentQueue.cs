namespace FaceSearch.Application.Abstractions;

/// <summary>Hands stored jobs to the worker. Thread-safe.</summary>
public interface IEnrolmentQueue
{
    void Enqueue(Guid jobId);

    /// <summary>Completes when the worker is through with the job, however it ended.</summary>
    Task WaitAsync(Guid jobId, CancellationToken ct);
}
