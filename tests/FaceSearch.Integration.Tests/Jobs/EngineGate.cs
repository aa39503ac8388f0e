using FaceSearch.Api.Tests.Support;
using FaceSearch.Integration.Tests.Persistence;

namespace FaceSearch.Integration.Tests.Jobs;

/// <summary>Blocks the engines of servers after some work.</summary>
internal sealed class EngineGate : IDisposable
{
    private readonly TaskCompletionSource reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource open = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int left;

    public EngineGate(params TestServer[] servers)
        : this(0, servers)
    {
    }

    public EngineGate(int after, params TestServer[] servers)
    {
        left = after;
        foreach (var server in servers)
            server.Encoders.BeforeWork = PassAsync;
    }

    public Task Reached => reached.Task.WaitAsync(DatabaseTests.Patience);

    public void Open() => open.TrySetResult();

    public void Dispose() => Open();

    private Task PassAsync()
    {
        if (Interlocked.Decrement(ref left) >= 0)
            return Task.CompletedTask;

        reached.TrySetResult();
        return open.Task;
    }
}
