using System.Collections.Concurrent;

namespace FaceSearch.Infrastructure.BulkEnrolment;

/// <summary>
/// Bounds the bytes of the batches that are under way; one is let through however large it is. For one taker; what is
/// taken first is given back first.
/// </summary>
internal sealed class ByteBudget(long limit) : IDisposable
{
    private readonly ConcurrentQueue<long> underWay = [];
    private readonly SemaphoreSlim given = new(0);

    public async Task TakeAsync(long bytes, CancellationToken ct)
    {
        while (!underWay.IsEmpty && underWay.Sum() + bytes > limit)
            await given.WaitAsync(ct);

        underWay.Enqueue(bytes);
    }

    public void GiveOldestBack()
    {
        underWay.TryDequeue(out _);
        given.Release();
    }

    public void Dispose() => given.Dispose();
}
