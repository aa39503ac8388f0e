using System.Collections.Concurrent;
using FaceSearch.Application.Abstractions;
using FaceSearch.Domain.Faces;
using Microsoft.EntityFrameworkCore;

namespace FaceSearch.Application.Search;

/// <summary>
/// A cache of each collection's exclusions. Entries are read again when older than <see cref="Fresh"/>, so changes of
/// other processes are seen, and at once after a change by this process. Thread-safe.
/// </summary>
public sealed class ExclusionCache(TimeProvider time)
{
    /// <summary>After this age one search refreshes the entry, while others use the cached one.</summary>
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(0.5);

    /// <summary>
    /// After this age every search waits for the refresh, so no search uses an entry older than two seconds.
    /// </summary>
    private static readonly TimeSpan Stale = TimeSpan.FromSeconds(1.5);

    private readonly ConcurrentDictionary<long, Page> pages = new();

    internal async ValueTask<Exclusions> GetAsync(IFaceSearchDbContext db, long collectionId, CancellationToken ct)
    {
        var page = pages.GetOrAdd(collectionId, static _ => new Page());
        if (page.Known is { } known)
        {
            var age = time.GetElapsedTime(page.ReadAt);
            if (age < Fresh || (age < Stale && !page.TryBeginReading()))
                return known;
        }

        return await ReadAsync(db, collectionId, page, ct);
    }

    /// <summary>Call after a change was committed. A refresh that began earlier is discarded.</summary>
    public void Forget(long collectionId) => pages.TryRemove(collectionId, out _);

    private async Task<Exclusions> ReadAsync(IFaceSearchDbContext db, long collectionId, Page page, CancellationToken ct)
    {
        try
        {
            var now = time.GetTimestamp();
            var rows = await db.PersonExclusions.AsNoTracking()
                .Join(
                    db.Faces.Where(face => face.CollectionId == collectionId),
                    exclusion => exclusion.FaceId, face => face.Id, (exclusion, face) => new { exclusion, face.Embeddings })
                .SelectMany(
                    row => row.Embeddings,
                    (row, of) => new ExcludedFace(of.FaceId, row.exclusion.PersonId, of.Model, of.Embedding))
                .ToListAsync(ct);
            // The index skips other lengths too.
            return page.Write(new Exclusions([.. rows.Where(row => row.Embedding.IsStandard)]), now);
        }
        finally
        {
            page.EndReading();
        }
    }

    private sealed class Page
    {
        private int reading;
        private long readAt;
        private volatile Exclusions? known;

        public Exclusions? Known => known;

        public long ReadAt => Volatile.Read(ref readAt);

        public bool TryBeginReading() => Interlocked.Exchange(ref reading, 1) == 0;

        public void EndReading() => Volatile.Write(ref reading, 0);

        public Exclusions Write(Exclusions read, long at)
        {
            known = read;
            Volatile.Write(ref readAt, at);
            return read;
        }
    }
}

/// <summary>A face that is excluded from a person, by one of its embeddings: the searched index may be of either model.</summary>
internal sealed record ExcludedFace(long FaceId, long PersonId, string Model, Embedding Embedding);

/// <summary>A collection's exclusions at one moment. Immutable.</summary>
internal sealed class Exclusions
{
    public static readonly Exclusions None = new([]);

    private readonly IReadOnlyList<ExcludedFace> pairs;
    private readonly HashSet<(long PersonId, long FaceId)> excluded;
    private readonly float[] embeddings;

    public Exclusions(IReadOnlyList<ExcludedFace> pairs)
    {
        this.pairs = pairs;
        excluded = [.. pairs.Select(pair => (pair.PersonId, pair.FaceId))];
        embeddings = [.. pairs.SelectMany(pair => pair.Embedding.Values.ToArray())];
    }

    public bool IsEmpty => pairs.Count == 0;

    public bool Contains(long? personId, long faceId) =>
        excluded.Count > 0 && personId is { } person && excluded.Contains((person, faceId));

    /// <summary>The persons that are excluded for a face this near to the probe.</summary>
    /// <param name="model">The probe's model; faces of other models are skipped.</param>
    public HashSet<long> PersonsRefusedTo(Embedding probe, string model, float tolerance, IFaceDistances distances)
    {
        var refused = new HashSet<long>();
        if (IsEmpty || embeddings.Length != pairs.Count * probe.Length)
            return refused;

        var squares = new double[pairs.Count];
        distances.Measure(probe.Values, embeddings, squares);
        for (var i = 0; i < squares.Length; i++)
        {
            if (squares[i] <= (double)tolerance * tolerance && pairs[i].Model == model)
                refused.Add(pairs[i].PersonId);
        }

        return refused;
    }
}
