using System.Collections.Concurrent;
using FaceSearch.Application.Abstractions;
using FaceSearch.Domain.Access;
using Microsoft.EntityFrameworkCore;

namespace FaceSearch.Application.Access;

/// <summary>
/// The keys in use, so that a request asks no database who its caller is. A key is trusted for
/// <see cref="Trust"/> after the database was last seen to hold it; while keys are in use they are looked up again in
/// the background. What this process revokes is forgotten at once. Thread-safe.
/// </summary>
public sealed class VerifiedKeys(TimeProvider time)
{
    /// <summary>How long after its revocation by another process a key may still be let in, at most.</summary>
    public static readonly TimeSpan Trust = TimeSpan.FromSeconds(1.5);

    /// <summary>A key that nobody has used for so long is looked up anew at its next use.</summary>
    private static readonly TimeSpan Idle = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<string, Entry> entries = new(StringComparer.Ordinal);
    private long forgotten;

    public bool IsEmpty => entries.IsEmpty;

    /// <summary>Null when the database must be asked.</summary>
    public VerifiedKey? Find(string secret)
    {
        var hash = ApiKey.HashOf(secret);
        if (!entries.TryGetValue(hash, out var entry) || time.GetElapsedTime(entry.SeenAt) > Trust)
            return null;

        entry.UsedAt = time.GetTimestamp();
        return VerifyApiKeyHandler.AreEqual(entry.Key.Hash, hash) ? entry.Key : null;
    }

    /// <summary>Before the database is asked: what is forgotten from now on, the answer does not bring back.</summary>
    internal LookUp BeginLookUp() => new(time.GetTimestamp(), Volatile.Read(ref forgotten));

    internal void Add(VerifiedKey key, LookUp lookUp)
    {
        var entry = new Entry(key, lookUp.At) { UsedAt = time.GetTimestamp() };
        entries[key.Hash] = entry;
        if (Volatile.Read(ref forgotten) != lookUp.Forgotten)
            entries.TryRemove(KeyValuePair.Create(key.Hash, entry));
    }

    /// <summary>Keys were revoked or changed: the next use of any looks it up.</summary>
    public void Forget()
    {
        Interlocked.Increment(ref forgotten);
        entries.Clear();
    }

    /// <summary>Looks all keys in use up again, in one query.</summary>
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

    /// <param name="At">When the database was asked.</param>
    internal readonly record struct LookUp(long At, long Forgotten);

    private sealed class Entry(VerifiedKey key, long seenAt)
    {
        private long usedAt;

        public VerifiedKey Key => key;

        /// <summary>The database held the key then.</summary>
        public long SeenAt => seenAt;

        public long UsedAt
        {
            get => Volatile.Read(ref usedAt);
            set => Volatile.Write(ref usedAt, value);
        }
    }
}
