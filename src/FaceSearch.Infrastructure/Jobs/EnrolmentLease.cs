using System.Diagnostics;

namespace FaceSearch.Infrastructure.Jobs;

/// <summary>Renews the lease of a job while it runs, and cancels the run when another process has taken the job over.</summary>
internal sealed class EnrolmentLease : IAsyncDisposable
{
    private readonly CancellationTokenSource stop;
    private readonly Task renewing;

    public EnrolmentLease(DatabaseEnrolmentQueue queue, Guid jobId, TimeSpan duration, CancellationToken ct)
    {
        stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        renewing = RenewAsync(queue, jobId, duration / 3);
    }

    /// <summary>Cancelled when the job is lost to another process, or the server stops.</summary>
    public CancellationToken LeaseToken => stop.Token;

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await renewing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        stop.Dispose();
    }

    /// <summary>
    /// A failed renewal is retried at the next interval: while the database is unreachable no other process can take
    /// the job, and every batch checks the owner anyway.
    /// </summary>
    private async Task RenewAsync(DatabaseEnrolmentQueue queue, Guid jobId, TimeSpan period)
    {
        using var timer = new PeriodicTimer(period);
        while (await timer.WaitForNextTickAsync(stop.Token))
        {
            try
            {
                if (!await queue.RenewAsync(jobId, stop.Token))
                    await stop.CancelAsync();
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                Debug.WriteLine(exception.GetType().Name);
            }
        }
    }
}
