using System.Threading.RateLimiting;

namespace FaceSearch.Infrastructure.FaceEngine;

/// <summary>
/// The memory that pictures may take together, by estimate. First come, first served, so that a large picture does not
/// wait for ever. Thread-safe.
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

    /// <summary>Bytes.</summary>
    public long Limit { get; } = LimitOf(options);

    /// <param name="bytes">At most the limit.</param>
    /// <param name="wait">May be infinite.</param>
    /// <returns>To be disposed when the memory is free; null when it did not become free within the wait.</returns>
    public async Task<IDisposable?> TakeAsync(long bytes, TimeSpan wait, CancellationToken ct)
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

    public void Dispose() => limiter.Dispose();

    /// <summary>The collector's limit is the container's, where there is one.</summary>
    private static long LimitOf(EngineOptions options) => options.MemoryMegabytes is { } megabytes
        ? (long)megabytes << 20
        : GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 2;
}
