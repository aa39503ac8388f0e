using System.Collections.Concurrent;
using FaceSearch.Application.Abstractions;
using Microsoft.EntityFrameworkCore;

namespace FaceSearch.Application.Access;

/// <summary>
/// When keys were last used, to the minute. Requests record it, a background task writes it to the database.
/// Thread-safe.
/// </summary>
public sealed class ApiKeyUsage(TimeProvider time)
{
    private readonly ConcurrentDictionary<long, DateTime> noted = new();
    private readonly ConcurrentDictionary<long, DateTime> written = new();

    public void Note(long keyId)
    {
        var now = time.GetUtcNow().UtcDateTime;
        var minute = now.AddTicks(-(now.Ticks % TimeSpan.TicksPerMinute));
        if (!noted.TryGetValue(keyId, out var last) || last < minute)
            noted[keyId] = minute;
    }

    /// <summary>Another process may have written a later use: the latest is kept.</summary>
    public async Task WriteAsync(IFaceSearchDbContext db, CancellationToken ct)
    {
        foreach (var (keyId, minute) in noted)
        {
            if (written.TryGetValue(keyId, out var last) && last >= minute)
                continue;

            await db.ApiKeys
                .Where(key => key.Id == keyId && (key.LastUsedAt == null || key.LastUsedAt < minute))
                .ExecuteUpdateAsync(set => set.SetProperty(key => key.LastUsedAt, minute), ct);
            written[keyId] = minute;
        }
    }
}
