using System.Collections.Concurrent;
using System.Threading.Channels;
using FaceSearch.Application.Abstractions;

namespace FaceSearch.Infrastructure.BulkEnrolment;

/// <summary>The jobs of this process, first come, first served.</summary>
internal sealed class ChannelEnrolmentQueue : IEnrolmentQueue
{
    private readonly Channel<Guid> channel = Channel.CreateUnbounded<Guid>();
    private readonly ConcurrentDictionary<Guid, TaskCompletionSource> pending = new();

    public void Enqueue(Guid jobId)
    {
        if (pending.TryAdd(jobId, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)))
            channel.Writer.TryWrite(jobId);
    }

    public Task WaitAsync(Guid jobId, CancellationToken ct) =>
        pending.TryGetValue(jobId, out var completion) ? completion.Task.WaitAsync(ct) : Task.CompletedTask;

    public IAsyncEnumerable<Guid> ReadAllAsync(CancellationToken ct) => channel.Reader.ReadAllAsync(ct);

    /// <summary>Tells whoever waits that the worker is through with the job.</summary>
    public void Complete(Guid jobId)
    {
        if (pending.TryRemove(jobId, out var completion))
            completion.SetResult();
    }
}
