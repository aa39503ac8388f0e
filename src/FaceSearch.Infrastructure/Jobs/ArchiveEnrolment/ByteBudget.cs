using System.Collections.Concurrent;

namespace FaceSearch.Infrastructure.Jobs.ArchiveEnrolment;

/// <summary>
/// Limits the bytes of the batches in progress; a single batch may exceed the limit. For one caller; bytes are released
/// in the order they were taken.
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

    public void ReleaseOldest()
    {
        underWay.TryDequeue(out _);
        given.Release();
    }

    public void Dispose() => given.Dispose();
}
