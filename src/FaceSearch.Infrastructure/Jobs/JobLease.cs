using System.Diagnostics;

namespace FaceSearch.Infrastructure.Jobs;

/// <summary>Why a run must end although its job has not.</summary>
internal enum JobStop
{
    /// <summary>Another process has taken the job over, or the job was deleted.</summary>
    Lost = 1,

    /// <summary>A client has cancelled the job.</summary>
    Cancelled = 2,

    /// <summary>The handler has reported no progress for too long.</summary>
    Stalled = 3,
}

/// <summary>
/// Renews the lease of a job while its handler makes progress, and cancels the run when it is stopped. It looks at the
/// job's row at each change of the queue, so a cancellation in this process takes effect at once.
/// </summary>
internal sealed class JobLease : IAsyncDisposable
{
    private readonly DatabaseEnrolmentQueue queue;
    private readonly JobRun run;
    private readonly TimeSpan progressTimeout;
    private readonly CancellationTokenSource stop;
    private readonly Task keeping;

    /// <param name="duration">Of the lease, which is renewed every third of it.</param>
    public JobLease(
        DatabaseEnrolmentQueue queue,
        JobRun run,
        TimeSpan duration,
        TimeSpan progressTimeout,
        TimeProvider time,
        CancellationToken ct)
    {
        (this.queue, this.run, this.progressTimeout) = (queue, run, progressTimeout);
        stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        keeping = KeepAsync(duration / 3, time);
    }

    /// <summary>Cancelled when the run must end, or the server stops.</summary>
    public CancellationToken Token => stop.Token;

    /// <summary>Why <see cref="Token"/> was cancelled; null when it was not, or when the server stops.</summary>
    public JobStop? Stop { get; private set; }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await keeping.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        stop.Dispose();
    }

    private async Task KeepAsync(TimeSpan period, TimeProvider time)
    {
        while (!stop.IsCancellationRequested)
        {
            var changed = queue.Changed;
            if (await FindStopAsync() is { } reason)
            {
                Stop = reason;
                await stop.CancelAsync();
                return;
            }

            await Task.WhenAny(changed, Task.Delay(period, time, stop.Token));
        }
    }

    /// <summary>
    /// A failed renewal is retried at the next interval: while the database is unreachable no other process can take
    /// the job, and every batch checks the owner anyway.
    /// </summary>
    private async Task<JobStop?> FindStopAsync()
    {
        if (run.SinceProgress > progressTimeout)
            return JobStop.Stalled;

        try
        {
            return await queue.RenewAsync(run, stop.Token);
        }
        catch (Exception exception) when (!stop.IsCancellationRequested)
        {
            Debug.WriteLine(exception.GetType().Name);
            return null;
        }
    }
}
