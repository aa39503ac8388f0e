using System.Collections.Concurrent;
using FaceSearch.Application.Abstractions;
using FaceSearch.Domain.Collections;
using FaceSearch.Infrastructure.VectorIndex.Gallery;
using FaceSearch.Infrastructure.VectorIndex.Snapshots;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace FaceSearch.Infrastructure.VectorIndex.Sync;

/// <summary>Which collections were opened from their snapshots, and which have changed since they were written.</summary>
internal sealed partial class SnapshotWriter : IDisposable
{
    private readonly InMemoryFaceGallery gallery;
    private readonly SnapshotFolder folder;
    private readonly LoadProgress progress;
    private readonly ILogger<SnapshotWriter> logger;
    private readonly SemaphoreSlim writing = new(1, 1);
    private readonly ConcurrentDictionary<long, long> saved = new();
    private int drops;

    public SnapshotWriter(
        InMemoryFaceGallery gallery, SnapshotFolder folder, LoadProgress progress, ILogger<SnapshotWriter> logger)
    {
        (this.gallery, this.folder, this.progress, this.logger) = (gallery, folder, progress, logger);
        gallery.CollectionRemoved += Drop;
    }

    /// <summary>Opens the valid snapshots into the gallery.</summary>
    public IReadOnlyDictionary<long, SnapshotStamp> Open(IReadOnlyList<Collection> collections)
    {
        var opened = new Dictionary<long, SnapshotStamp>();
        folder.DropAllBut(collections.Select(collection => collection.Id));
        foreach (var collection in collections)
        {
            if (folder.Open(collection, out var stamp) is not { } index)
                continue;

            gallery.Put(collection.Id, new GalleryIndex(collection.Model, collection.Generation, index));
            progress.Add(index.Count);
            opened.Add(collection.Id, stamp);
            saved[collection.Id] = index.Version;
        }

        return opened;
    }

    /// <summary>A removed face must not stay on the disk: the file goes at once, a new one is written with the next round.</summary>
    public void Drop(long collectionId)
    {
        Interlocked.Increment(ref drops);
        folder.Drop(collectionId);
        saved.TryRemove(collectionId, out _);
    }

    /// <summary>
    /// Deletes a collection's files, also one that is being written now. Afterwards no file holds a face that was
    /// removed from the gallery before the call.
    /// </summary>
    public async Task DropAsync(long collectionId, CancellationToken ct)
    {
        Drop(collectionId);

        // A concurrent writer checks for drops afterwards.
        await writing.WaitAsync(ct);
        writing.Release();
    }

    public void Dispose() => writing.Dispose();

    /// <summary>Writes the collections that have changed, concurrently with searches and changes.</summary>
    /// <param name="lastFaceId">All faces up to here are in the index.</param>
    /// <param name="lastRemovalId">All removals up to here have reached the index.</param>
    public async Task SaveAsync(IFaceSearchDbContext db, long lastFaceId, long lastRemovalId, CancellationToken ct)
    {
        if (!folder.IsUsed)
            return;

        foreach (var collection in await db.Collections.AsNoTracking().ToListAsync(ct))
        {
            // The index may still be of the generation before, or already of the next.
            if (gallery.Find(collection.Id) is not { } found
                || found.Generation != collection.Generation
                || saved.GetValueOrDefault(collection.Id, -1) == found.Faces.Version)
                continue;

            await writing.WaitAsync(ct);
            try
            {
                Save(collection.Id, found.Faces, new SnapshotStamp(SnapshotStamp.Identify(collection), lastFaceId, lastRemovalId));
            }
            finally
            {
                writing.Release();
            }
        }
    }

    private void Save(long collectionId, FlatIndex index, SnapshotStamp stamp)
    {
        var (dropsBefore, version) = (Volatile.Read(ref drops), index.Version);
        try
        {
            folder.Save(collectionId, index, stamp);
            saved[collectionId] = version;
        }
        catch (FileNotFoundException)
        {
            // It was dropped, possibly by another process, before it was complete.
            saved.TryRemove(collectionId, out _);
            return;
        }

        // A face may have been removed while it was being written.
        if (Volatile.Read(ref drops) != dropsBefore)
            Drop(collectionId);
        else
            LogSaved(logger, collectionId, index.Count);
    }

    [LoggerMessage(EventId = 2011, Level = LogLevel.Information, Message = "Collection {CollectionId} was saved with {Faces} faces")]
    private static partial void LogSaved(ILogger logger, long collectionId, int faces);
}
