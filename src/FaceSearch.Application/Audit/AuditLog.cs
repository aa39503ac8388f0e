using System.Threading.Channels;
using FaceSearch.Application.Abstractions;
using FaceSearch.Domain.Audit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace FaceSearch.Application.Audit;

/// <summary>
/// Takes entries in. Those of changes are committed before the caller goes on; those of searches and reads wait in
/// memory for the background writer, a batch a transaction. Thread-safe.
/// </summary>
public sealed partial class AuditLog(IServiceScopeFactory scopes, ILogger<AuditLog> logger)
{
    private const int Capacity = 50_000;

    private const int BatchSize = 500;

    private readonly Channel<AuditEntry> waiting = Channel.CreateBounded<AuditEntry>(
        new BoundedChannelOptions(Capacity) { SingleReader = true });

    /// <summary>Commits the entry. When the database fails just now the entry joins those that wait.</summary>
    public async Task WriteAsync(AuditEntry entry)
    {
        try
        {
            await StoreAsync([entry], CancellationToken.None);
        }
        catch (Exception exception)
        {
            LogPutOff(logger, exception.Message);
            Post(Copy(entry));
        }
    }

    /// <summary>
    /// Costs the caller next to nothing. With <see cref="Capacity"/> entries waiting, which is a database that has been
    /// away for long, the entry goes to the server's log instead.
    /// </summary>
    public void Post(AuditEntry entry)
    {
        if (!waiting.Writer.TryWrite(entry))
            LogNotKept(logger, entry.At, entry.ApiKeyId, entry.Action, entry.Collection, entry.Subject, entry.Status);
    }

    /// <summary>Completes when something waits.</summary>
    public async Task WaitAsync(CancellationToken ct) => await waiting.Reader.WaitToReadAsync(ct);

    /// <summary>Stores what waits, and empties the queue as far as it gets. One caller at a time.</summary>
    /// <returns>What could not be stored, to be tried again; empty when all went well.</returns>
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
                LogPutOff(logger, exception.Message);
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

    /// <summary>One that has been offered to the database may have been given an id that was not kept.</summary>
    private static AuditEntry Copy(AuditEntry entry) => new()
    {
        At = entry.At,
        ApiKeyId = entry.ApiKeyId,
        Action = entry.Action,
        Collection = entry.Collection,
        Subject = entry.Subject,
        Status = entry.Status,
    };

    [LoggerMessage(EventId = 1100, Level = LogLevel.Warning, Message = "The audit log can't be written now, it is tried again: {Reason}")]
    private static partial void LogPutOff(ILogger logger, string reason);

    [LoggerMessage(EventId = 1101, Level = LogLevel.Error,
        Message = "Audit: at {At:o} key {KeyId} did {Action} in {Collection} to {Subject}, answered {Status}")]
    private static partial void LogNotKept(
        ILogger logger, DateTime at, long? keyId, string action, string? collection, string? subject, int status);
}
