using System.Threading.Channels;
using FaceSearch.Application.Abstractions;
using FaceSearch.Domain.Audit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace FaceSearch.Application.Audit;

/// <summary>
/// Receives audit entries. Entries of changes are committed before the call returns. Entries of searches and reads are
/// queued in memory for the background writer, which stores one batch per transaction. Thread-safe.
/// </summary>
public sealed partial class AuditLog(IServiceScopeFactory scopes, ILogger<AuditLog> logger)
{
    private const int Capacity = 50_000;

    private const int BatchSize = 500;

    private readonly Channel<AuditEntry> waiting = Channel.CreateBounded<AuditEntry>(
        new BoundedChannelOptions(Capacity) { SingleReader = true });

    /// <summary>Commits the entry. When the database fails, the entry is queued.</summary>
    public async Task WriteAsync(AuditEntry entry)
    {
        try
        {
            await StoreAsync([entry], CancellationToken.None);
        }
        catch (Exception exception)
        {
            LogPutOff(logger, exception);
            Post(Copy(entry));
        }
    }

    /// <summary>
    /// Queues the entry without waiting. When <see cref="Capacity"/> entries are queued, as after a long outage of the
    /// database, the entry is written to the server's log instead.
    /// </summary>
    public void Post(AuditEntry entry)
    {
        if (!waiting.Writer.TryWrite(entry))
            LogNotKept(logger, entry.At, entry.ApiKeyId, entry.Action, entry.Collection, entry.Subject, entry.Status);
    }

    /// <summary>Completes when an entry is queued.</summary>
    public async Task WaitAsync(CancellationToken ct) => await waiting.Reader.WaitToReadAsync(ct);

    /// <summary>Stores queued entries until the queue is empty or the database fails. One caller at a time.</summary>
    /// <returns>The entries that were not stored, to be retried; empty on success.</returns>
    public async Task<IReadOnlyList<AuditEntry>> FlushAsync(IReadOnlyList<AuditEntry> again, CancellationToken ct)
    {
        var batch = new List<AuditEntry>(again);
        while (true)
        {
            while (batch.Count < BatchSize && waiting.Reader.TryRead(out var entry))
                batch.Add(entry);
            if (batch.Count == 0)
                return [];

            try
            {
                await StoreAsync(batch, ct);
            }
            catch (Exception exception)
            {
                LogPutOff(logger, exception);
                return batch.ConvertAll(Copy);
            }

            batch.Clear();
        }
    }

    private async Task StoreAsync(IReadOnlyCollection<AuditEntry> entries, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<IFaceSearchDbContext>();
        db.AuditEntries.AddRange(entries);
        await db.SaveChangesAsync(ct);
    }

    /// <summary>A copy without an id: a failed save may have assigned one.</summary>
    private static AuditEntry Copy(AuditEntry entry) => new()
    {
        At = entry.At,
        ApiKeyId = entry.ApiKeyId,
        Action = entry.Action,
        Collection = entry.Collection,
        Subject = entry.Subject,
        Status = entry.Status,
    };

    [LoggerMessage(EventId = 1100, Level = LogLevel.Warning, Message = "The audit log can't be written, retrying")]
    private static partial void LogPutOff(ILogger logger, Exception exception);

    [LoggerMessage(EventId = 1101, Level = LogLevel.Error,
        Message = "Audit: at {At:o} key {KeyId} did {Action} in {Collection} to {Subject}, answered {Status}")]
    private static partial void LogNotKept(
        ILogger logger, DateTime at, long? keyId, string action, string? collection, string? subject, int status);
}
