using FaceSearch.Application.Idempotency;

namespace FaceSearch.Api.Http.Idempotency;

/// <summary>
/// Renews the claim of a request until the request ends. A failed renewal is repeated at the next interval.
/// </summary>
internal sealed partial class ClaimLease : IAsyncDisposable
{
    private readonly IdempotencyStore store;
    private readonly IdempotencyClaim claim;
    private readonly ILogger logger;
    private readonly CancellationTokenSource stop;
    private readonly CancellationTokenSource ended = new();
    private readonly Task renewing;

    /// <param name="request">Cancelled when the request is to end although its claim is valid.</param>
    public ClaimLease(
        IdempotencyStore store, IdempotencyClaim claim, TimeProvider time, ILogger logger, CancellationToken request)
    {
        (this.store, this.claim, this.logger) = (store, claim, logger);
        stop = CancellationTokenSource.CreateLinkedTokenSource(request);
        renewing = RenewAsync(time);
    }

    /// <summary>Cancelled when the claim is lost, or with the request.</summary>
    public CancellationToken Token => stop.Token;

    /// <summary>Another process has taken over the request.</summary>
    public bool IsLost { get; private set; }

    public async ValueTask DisposeAsync()
    {
        await ended.CancelAsync();
        await renewing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        ended.Dispose();
        stop.Dispose();
    }

    private async Task RenewAsync(TimeProvider time)
    {
        using var timer = new PeriodicTimer(IdempotencyStore.HeartbeatInterval, time);
        while (!IsLost && await timer.WaitForNextTickAsync(ended.Token))
            IsLost = !await TryRenewAsync();

        await stop.CancelAsync();
    }

    /// <returns>False when the claim is lost.</returns>
    private async Task<bool> TryRenewAsync()
    {
        try
        {
            return await store.RenewAsync(claim, ended.Token);
        }
        catch (Exception exception) when (!ended.IsCancellationRequested)
        {
            LogNotRenewed(logger, exception);
            return true;
        }
    }

    [LoggerMessage(EventId = 4202, Level = LogLevel.Warning,
        Message = "The claim of an idempotency key could not be renewed; retrying")]
    private static partial void LogNotRenewed(ILogger logger, Exception exception);
}
