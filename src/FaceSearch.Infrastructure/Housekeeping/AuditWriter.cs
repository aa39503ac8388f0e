using FaceSearch.Application.Audit;
using FaceSearch.Domain.Audit;
using Microsoft.Extensions.Hosting;

namespace FaceSearch.Infrastructure.Housekeeping;

/// <summary>Writes queued audit entries in batches, and the remaining ones when the server stops.</summary>
internal sealed class AuditWriter(AuditLog log) : BackgroundService
{
    /// <summary>The delay between writes, to gather a batch under load.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    private readonly Lock stopping = new();
    private IReadOnlyList<AuditEntry> again = [];
    private Task? lastWrite;

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);

        // A host may be stopped twice at once: both calls wait for the same last write.
        lock (stopping)
            lastWrite ??= Task.Run(() => log.FlushAsync(again, cancellationToken), CancellationToken.None);
        await lastWrite;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            if (again.Count == 0)
                await log.WaitAsync(stoppingToken);
            await Task.Delay(Pause, stoppingToken);
            again = await log.FlushAsync(again, stoppingToken);
        }
    }
}
