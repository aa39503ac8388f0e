using FaceSearch.Application.Abstractions;
using FaceSearch.Domain.Collections;
using FaceSearch.Infrastructure.VectorIndex.Gallery;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace FaceSearch.Infrastructure.VectorIndex.Sync;

/// <summary>
/// Compares a collection's index with its rows and repairs the index, one range of ids after the other. It finds what
/// the feed can't: rows deleted without a tombstone, transactions that were open for minutes, a restored backup.
/// Thread-safe.
/// </summary>
/// <remarks>
/// All ids are compared, and the embedding of one face per range. Ids are never reused within a database, so equal ids
/// mean equal faces. After a backup is restored, every id that was assigned since the backup means another face, so
/// one face of a range shows it.
/// </remarks>
internal sealed partial class IndexReconciler(
    InMemoryFaceGallery gallery,
    IndexMailbox mailbox,
    SetAsideFaces setAside,
    SnapshotWriter snapshots,
    IServiceScopeFactory scopes,
    ILogger<IndexReconciler> logger)
{
    /// <summary>Rows of one range.</summary>
    public const int RangeSize = 4096;

    /// <param name="pause">Called after each range, so that the comparison takes little of the processor.</param>
    /// <returns>
    /// False when a face of the database has another embedding than the same id in the index: the collection must be
    /// loaded again. True when the index is repaired, or is of another generation and will be replaced.
    /// </returns>
    public async Task<bool> CompareAsync(Collection collection, Func<Task> pause, CancellationToken ct)
    {
        if (gallery.Find(collection.Id) is not { } index || index.Generation != collection.Generation)
            return true;

        // Before the rows are read: a face of the index whose row is missing has been removed.
        var indexed = IndexedFaces.Capture(index.Faces);
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<IFaceSearchDbContext>();
        var last = 0L;
        while (true)
        {
            var start = last;
            var rows = await db.Faces
                .Where(face => face.CollectionId == collection.Id && face.Id > start)
                .OrderBy(face => face.Id).Select(face => face.Id).Take(RangeSize).ToListAsync(ct);
            var range = new IdRange(last + 1, rows.Count < RangeSize ? long.MaxValue : rows[^1]);
            if (!await CompareAsync(db, collection, indexed, range, rows, ct))
                return false;
            if (range.Last == long.MaxValue)
                return true;

            last = range.Last;
            await pause();
        }
    }

    private async Task<bool> CompareAsync(
        IFaceSearchDbContext db, Collection collection, IndexedFaces indexed, IdRange range, List<long> rows, CancellationToken ct)
    {
        var ids = indexed.Within(range);
        var known = ids.ToHashSet();
        await RemoveAsync(collection, [.. ids.Except(rows)], ct);
        await AddAsync(db, collection, [.. rows.Where(id => !known.Contains(id) && !setAside.Contains(id))], ct);

        return rows.FindLast(known.Contains) is var newest
            && (newest == 0 || await IsSameAsync(db, collection, indexed, newest, ct));
    }

    private async Task RemoveAsync(Collection collection, long[] withoutRow, CancellationToken ct)
    {
        var present = FindPresent(collection.Id, withoutRow);
        if (present.Count == 0)
            return;

        await mailbox.RemoveAsync(collection.Id, present, mayReturn: true);
        await snapshots.DropAsync(collection.Id, ct);
        LogRemoved(logger, collection.Id, present.Count);
    }

    private async Task AddAsync(IFaceSearchDbContext db, Collection collection, long[] notIndexed, CancellationToken ct)
    {
        var present = FindPresent(collection.Id, notIndexed);
        long[] missing = [.. notIndexed.Where(id => !present.Contains(id))];
        if (missing.Length == 0)
            return;

        var rows = await db.FaceEmbeddings.AsNoTracking()
            .Where(of => missing.Contains(of.FaceId) && of.Model == collection.Model)
            .Select(of => new GalleryFace(of.FaceId, of.Embedding))
            .ToListAsync(ct);
        if (rows.Count == 0)
            return;

        await mailbox.AddAsync(collection.Id, collection.Model, rows);
        LogAdded(logger, collection.Id, rows.Count);
    }

    private IReadOnlySet<long> FindPresent(long collectionId, long[] faceIds) =>
        faceIds.Length > 0 && gallery.Find(collectionId) is { } index ? index.Faces.FindPresent(faceIds) : new HashSet<long>();

    /// <summary>True also when the face was removed, or the collection has got its next generation, meanwhile.</summary>
    private static async Task<bool> IsSameAsync(
        IFaceSearchDbContext db, Collection collection, IndexedFaces indexed, long faceId, CancellationToken ct)
    {
        var row = await db.FaceEmbeddings.AsNoTracking()
            .Where(of => of.FaceId == faceId && of.Model == collection.Model)
            .Select(of => of.Embedding)
            .FirstOrDefaultAsync(ct);
        return row is null || (row.IsStandard && indexed.IsErasedOrEqual(faceId, row));
    }

    [LoggerMessage(EventId = 2040, Level = LogLevel.Warning,
        Message = "{Faces} faces of collection {CollectionId} were removed from the index: the database does not have them")]
    private static partial void LogRemoved(ILogger logger, long collectionId, int faces);

    [LoggerMessage(EventId = 2041, Level = LogLevel.Information,
        Message = "{Faces} faces of collection {CollectionId} were missing in the index and added")]
    private static partial void LogAdded(ILogger logger, long collectionId, int faces);
}
