using FaceSearch.Application.Abstractions;
using FaceSearch.Domain.Faces;
using FaceSearch.Infrastructure.VectorIndex.Gallery;
using Microsoft.EntityFrameworkCore;

namespace FaceSearch.Infrastructure.VectorIndex.Sync;

/// <summary>Copies committed faces and removals from the database to the index. Not thread-safe.</summary>
internal sealed class FaceChangeFeed(InMemoryFaceGallery gallery, SetAsideFaces setAside, LoadProgress progress, TimeProvider time)
{
    private const int BatchSize = 1000;

    private readonly SequenceGapTracker faces = new(time);
    private readonly SequenceGapTracker removals = new(time);

    /// <summary>No face up to this id can appear any more.</summary>
    public long LastFaceId => faces.LowWatermark;

    /// <summary>No removal up to this id can appear any more.</summary>
    public long LastRemovalId => removals.LowWatermark;

    /// <summary>Continues after the ids of the snapshots.</summary>
    public void StartAt(long lastFaceId, long lastRemovalId)
    {
        faces.StartAt(lastFaceId);
        removals.StartAt(lastRemovalId);
    }

    /// <summary>Removals committed before the faces are read need not be applied.</summary>
    public async Task SkipOldRemovalsAsync(IFaceSearchDbContext db, CancellationToken ct)
    {
        var newest = await db.FaceRemovals.Select(removal => removal.Id)
            .OrderByDescending(id => id).Take(SequenceGapTracker.MaxGaps).ToListAsync(ct);
        foreach (var id in newest.Order())
            removals.See(id);
    }

    /// <summary>One collection's faces behind an id.</summary>
    public Task AddCollectionAsync(IFaceSearchDbContext db, long collectionId, long lastFaceId, CancellationToken ct) =>
        AddAsync(
            db.Faces.Where(face => face.CollectionId == collectionId && face.Id > lastFaceId).OrderBy(face => face.Id), ct);

    public async Task AddNewFacesAsync(IFaceSearchDbContext db, CancellationToken ct)
    {
        faces.GiveUpOldOnes();
        var (last, missing) = (faces.Last, faces.Missing.ToArray());
        await AddAsync(db.Faces.Where(face => face.Id > last).OrderBy(face => face.Id), ct);
        if (missing.Length > 0)
            await AddAsync(db.Faces.Where(face => missing.Contains(face.Id)), ct);
    }

    /// <returns>The collections that lost faces.</returns>
    public async Task<IReadOnlyCollection<long>> RemoveFacesAsync(IFaceSearchDbContext db, CancellationToken ct)
    {
        removals.GiveUpOldOnes();
        var (last, missing) = (removals.Last, removals.Missing.ToArray());
        var rows = await db.FaceRemovals.AsNoTracking()
            .Where(removal => removal.Id > last || missing.Contains(removal.Id))
            .OrderBy(removal => removal.Id)
            .ToListAsync(ct);
        var collections = rows.ToLookup(removal => removal.CollectionId, removal => removal.FaceId);
        foreach (var collection in collections)
            gallery.Remove(collection.Key, [.. collection]);
        setAside.Forget(rows.Select(removal => removal.FaceId));
        foreach (var removal in rows)
            removals.See(removal.Id);

        return [.. collections.Select(collection => collection.Key)];
    }

    private async Task AddAsync(IQueryable<Face> query, CancellationToken ct)
    {
        var rows = query.AsNoTracking()
            .Select(face => new { face.CollectionId, face.Model, Face = new GalleryFace(face.Id, face.Embedding) })
            .AsAsyncEnumerable();
        var batch = new List<(long CollectionId, string Model, GalleryFace Face)>(BatchSize);
        await foreach (var row in rows.WithCancellation(ct))
        {
            batch.Add((row.CollectionId, row.Model, row.Face));
            if (batch.Count == BatchSize)
                Publish();
        }

        Publish();

        void Publish()
        {
            var searchable = batch.Where(row => setAside.IsSearchable(row.CollectionId, row.Face));
            foreach (var index in searchable.GroupBy(row => (row.CollectionId, row.Model), row => row.Face))
                gallery.Add(index.Key.CollectionId, index.Key.Model, [.. index]);
            foreach (var (_, _, face) in batch)
                faces.See(face.FaceId);
            progress.Add(batch.Count);
            batch.Clear();
        }
    }
}
