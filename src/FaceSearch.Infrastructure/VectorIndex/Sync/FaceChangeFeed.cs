using FaceSearch.Application.Abstractions;
using FaceSearch.Domain.Faces;
using Microsoft.EntityFrameworkCore;

namespace FaceSearch.Infrastructure.VectorIndex.Sync;

/// <summary>
/// Reads the faces and removals that other server processes have committed, and sends them to the index. Not
/// thread-safe.
/// </summary>
internal sealed class FaceChangeFeed(IndexMailbox mailbox, TimeProvider time)
{
    private const int BatchSize = 1000;

    /// <summary>At the start, ids that are missing among this many of the newest may belong to open transactions.</summary>
    private const int NewestIds = 2000;

    /// <summary>The ids of smaller gaps are read by one query, larger gaps by one query each.</summary>
    private const int LargeGap = 100;

    private readonly SequenceGapTracker removals = new(time);

    /// <summary>Call before the collections are loaded: what is committed later comes through the feed.</summary>
    public async Task StartAsync(IFaceSearchDbContext db, CancellationToken ct)
    {
        await StartAsync(mailbox.SeenFaces, db.Faces.Select(face => face.Id), ct);
        await StartAsync(removals, db.FaceRemovals.Select(removal => removal.Id), ct);
    }

    /// <summary>Sends the new faces and removals to the index.</summary>
    /// <returns>The collections that lost faces.</returns>
    public async Task<IReadOnlyCollection<long>> FollowAsync(IFaceSearchDbContext db, CancellationToken ct)
    {
        // Faces before removals: one that is read here and removed right after is taken out below.
        var (last, missing, ranges) = Unseen(mailbox.SeenFaces);
        await AddAsync(db, db.Faces.Where(face => face.Id > last), ct);
        foreach (var ids in missing)
            await AddAsync(db, db.Faces.Where(face => ids.Contains(face.Id)), ct);
        foreach (var range in ranges)
            await AddAsync(db, db.Faces.Where(face => face.Id >= range.First && face.Id <= range.Last), ct);

        return await RemoveFacesAsync(db, ct);
    }

    private async Task<IReadOnlyCollection<long>> RemoveFacesAsync(IFaceSearchDbContext db, CancellationToken ct)
    {
        var collections = new HashSet<long>();
        var (last, missing, ranges) = Unseen(removals);
        await RemoveAsync(db.FaceRemovals.Where(removal => removal.Id > last), collections, ct);
        foreach (var ids in missing)
            await RemoveAsync(db.FaceRemovals.Where(removal => ids.Contains(removal.Id)), collections, ct);
        foreach (var range in ranges)
            await RemoveAsync(db.FaceRemovals.Where(row => row.Id >= range.First && row.Id <= range.Last), collections, ct);

        return collections;
    }

    private async Task AddAsync(IFaceSearchDbContext db, IQueryable<Face> query, CancellationToken ct)
    {
        var pages = Pages.ReadAsync(
            last => query.AsNoTracking().Where(face => face.Id > last).OrderBy(face => face.Id)
                .Select(face => new { face.Id, face.CollectionId }),
            0L, face => face.Id, BatchSize, ct);
        await foreach (var page in pages)
        {
            var collections = page.ToDictionary(face => face.Id, face => face.CollectionId);

            // Of all models, as the searched index and the loading one may be of different models. In a statement of its
            // own: with the collections in the first one, MySQL reads all of their faces.
            var embeddings = await db.FaceEmbeddings.AsNoTracking()
                .Where(of => collections.Keys.Contains(of.FaceId)).ToListAsync(ct);
            foreach (var index in embeddings.GroupBy(of => (CollectionId: collections[of.FaceId], of.Model)))
            {
                await mailbox.AddAsync(
                    index.Key.CollectionId, index.Key.Model, [.. index.Select(of => new GalleryFace(of.FaceId, of.Embedding))]);
            }
        }
    }

    private async Task RemoveAsync(IQueryable<FaceRemoval> query, HashSet<long> collections, CancellationToken ct)
    {
        var pages = Pages.ReadAsync(
            last => query.AsNoTracking().Where(removal => removal.Id > last).OrderBy(removal => removal.Id),
            0L, removal => removal.Id, BatchSize, ct);
        await foreach (var page in pages)
        {
            foreach (var collection in page.GroupBy(removal => removal.CollectionId, removal => removal.FaceId))
            {
                await mailbox.RemoveAsync(collection.Key, [.. collection]);
                collections.Add(collection.Key);
            }

            removals.See(page.Select(removal => removal.Id));
        }
    }

    private static async Task StartAsync(SequenceGapTracker tracker, IQueryable<long> ids, CancellationToken ct)
    {
        var newest = await ids.OrderByDescending(id => id).Take(NewestIds).ToListAsync(ct);
        tracker.StartAt(newest.Count == 0 ? 0 : newest[^1] - 1);
        tracker.See(newest.Order());
    }

    private static (long Last, IReadOnlyList<long[]> Missing, IReadOnlyList<IdRange> Ranges) Unseen(SequenceGapTracker tracker)
    {
        var (last, gaps) = tracker.Unseen();
        var bySize = gaps.ToLookup(gap => gap.Count > LargeGap);
        return (last, [.. bySize[false].SelectMany(gap => gap.Ids).Chunk(BatchSize)], [.. bySize[true]]);
    }
}
