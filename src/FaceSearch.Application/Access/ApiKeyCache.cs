using System.Collections.Concurrent;
using FaceSearch.Application.Abstractions;
using FaceSearch.Domain.Access;
using Microsoft.EntityFrameworkCore;

namespace FaceSearch.Application.Access;

/// <summary>
/// A cache of the keys in use, so requests need no query to authenticate. An entry is valid for <see cref="MaxAge"/>
/// after it was last read from the database. A background task refreshes the entries in use. A key that this process
/// revokes is removed at once. Thread-safe.
/// </summary>
public sealed class ApiKeyCache(TimeProvider time)
{
    /// <summary>The longest time that a key is accepted after another process has revoked it.</summary>
    public static readonly TimeSpan MaxAge = TimeSpan.FromSeconds(1.5);

    /// <summary>A key that was unused for this time is read from the database again at its next use.</summary>
    private static readonly TimeSpan Idle = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<string, Entry> entries = new(StringComparer.Ordinal);
    private long forgotten;

    public bool IsEmpty => entries.IsEmpty;

    /// <summary>Null on a cache miss.</summary>
    public VerifiedKey? Find(string secret)
    {
        var hash = ApiKey.HashOf(secret);
        if (!entries.TryGetValue(hash, out var entry) || time.GetElapsedTime(entry.SeenAt) > MaxAge)
            return null;

        entry.UsedAt = time.GetTimestamp();
        return VerifyApiKeyHandler.AreEqual(entry.Key.Hash, hash) ? entry.Key : null;
    }

    /// <summary>
    /// Call before reading the database. A key removed from the cache after this call is not added again by <see
    /// cref="Add"/>.
    /// </summary>
    internal LookUp BeginLookUp() => new(time.GetTimestamp(), Volatile.Read(ref forgotten));

    internal void Add(VerifiedKey key, LookUp lookUp)
    {
        var entry = new Entry(key, lookUp.At) { UsedAt = time.GetTimestamp() };
        entries[key.Hash] = entry;
        if (Volatile.Read(ref forgotten) != lookUp.Forgotten)
            entries.TryRemove(KeyValuePair.Create(key.Hash, entry));
    }

    /// <summary>Keys were revoked or changed: clears the cache.</summary>
    public void Forget()
    {
        Interlocked.Increment(ref forgotten);
        entries.Clear();
    }

    /// <summary>Refreshes all keys in use, in one query.</summary>
    public async Task RefreshAsync(IFaceSearchDbContext db, CancellationToken ct)
    {
        foreach (var (hash, entry) in entries)
        {
            if (time.GetElapsedTime(entry.UsedAt) > Idle)
                entries.TryRemove(KeyValuePair.Create(hash, entry));
        }

        var old = entries.ToArray();
        if (old.Length == 0)
            return;

        var lookUp = BeginLookUp();
        var hashes = Array.ConvertAll(old, entry => entry.Key);
        var found = await db.ApiKeys.AsNoTracking()
            .Include(key => key.Collections)
            .Where(key => hashes.Contains(key.Hash))
            .ToDictionaryAsync(key => key.Hash, VerifiedKey.From, StringComparer.Ordinal, ct);
        foreach (var (hash, entry) in old)
        {
            if (found.TryGetValue(hash, out var key))
                entries.TryUpdate(hash, new Entry(key, lookUp.At) { UsedAt = entry.UsedAt }, entry);
            else
                entries.TryRemove(KeyValuePair.Create(hash, entry));
        }
    }

    /// <param name="At">When the database was read.</param>
    internal readonly record struct LookUp(long At, long Forgotten);

    private sealed class Entry(VerifiedKey key, long seenAt)
    {
        private long usedAt;

        public VerifiedKey Key => key;

        /// <summary>When the key was last read from the database.</summary>
        public long SeenAt => seenAt;

        public long UsedAt
        {
            get => Volatile.Read(ref usedAt);
            set => Volatile.Write(ref usedAt, value);
        }
    }
}
