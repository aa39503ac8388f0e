using System.Threading.RateLimiting;

namespace FaceSearch.Infrastructure.FaceEngine;

/// <summary>
/// The memory that pictures may take together, by estimate. First come, first served, so that a large picture does not
/// wait for ever. Of the pictures of jobs, one at most is in the queue, so that a request never waits for many of them.
/// Thread-safe.
/// </summary>
internal sealed class PictureMemory(EngineOptions options, TimeProvider time) : IDisposable
{
    /// <summary>Bytes of a permit.</summary>
    private const long Unit = 1024;

    private readonly ConcurrencyLimiter limiter = new(new ConcurrencyLimiterOptions
    {
        PermitLimit = (int)(LimitOf(options) / Unit),
        QueueLimit = int.MaxValue,
    });

    private readonly SemaphoreSlim jobs = new(1);

    /// <summary>Bytes.</summary>
    public long Limit { get; } = LimitOf(options);

    /// <param name="bytes">At most the limit.</param>
    /// <param name="wait">Infinite for a picture of a job.</param>
    /// <returns>To be disposed when the memory is free; null when it did not become free within the wait.</returns>
    public async Task<IDisposable?> TakeAsync(long bytes, TimeSpan wait, CancellationToken ct)
    {
        if (wait != Timeout.InfiniteTimeSpan)
            return await QueueAsync(bytes, wait, ct);

        await jobs.WaitAsync(ct);
        try
        {
            return await QueueAsync(bytes, wait, ct);
        }
        finally
        {
            jobs.Release();
        }
    }

    public void Dispose()
    {
        limiter.Dispose();
        jobs.Dispose();
    }

    private async Task<IDisposable?> QueueAsync(long bytes, TimeSpan wait, CancellationToken ct)
    {
        using var timeout = new CancellationTokenSource(wait, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, timeout.Token);
        try
        {
            var taken = await limiter.AcquireAsync((int)(bytes / Unit), either.Token);
            return taken.IsAcquired ? taken : null;
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return null;
        }
    }

    /// <summary>The collector's limit is the container's, where there is one. The limiter counts to 2 TB.</summary>
    private static long LimitOf(EngineOptions options) => Math.Min(
        int.MaxValue * Unit,
        options.MemoryMegabytes is { } megabytes ? (long)megabytes << 20 : GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 2);
}
