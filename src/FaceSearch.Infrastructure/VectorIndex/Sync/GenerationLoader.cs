using FaceSearch.Application.Abstractions;
using FaceSearch.Domain.Collections;
using FaceSearch.Infrastructure.VectorIndex.Gallery;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace FaceSearch.Infrastructure.VectorIndex.Sync;

/// <summary>
/// Loads a collection from the database into a new index beside the searched one, and swaps them when it is complete:
/// at start, after the collection has got another model, and when the index is not that of the database.
/// </summary>
internal sealed partial class GenerationLoader(
    InMemoryFaceGallery gallery,
    IndexMailbox mailbox,
    SnapshotWriter snapshots,
    LoadProgress progress,
    IServiceScopeFactory scopes,
    ILogger<GenerationLoader> logger)
{
    private const int BatchSize = 1 << 13;

    private Task loading = Task.CompletedTask;

    /// <summary>
    /// Removes the indexes of removed collections, possibly before their rows are deleted, and returns the collections
    /// whose index is of another generation.
    /// </summary>
    public async Task<IReadOnlyList<Collection>> FindOutdatedAsync(IFaceSearchDbContext db, CancellationToken ct)
    {
        // Before the rows are read: a collection that is created meanwhile must not count as removed.
        var indexed = gallery.Collections;
        var collections = await db.Collections.AsNoTracking()
            .Where(collection => !collection.Name.StartsWith(Collection.RemovedPrefix))
            .ToDictionaryAsync(collection => collection.Id, ct);
        foreach (var removed in indexed.Where(id => !collections.ContainsKey(id)))
        {
            await mailbox.RemoveCollectionAsync(removed);
            snapshots.Drop(removed);
        }

        return [.. collections.Values.Where(
            collection => gallery.Find(collection.Id) is { } index && index.Generation != collection.Generation)];
    }

    /// <summary>
    /// Loads the collections one after the other, concurrently with the synchronization of all collections. Does
    /// nothing while the last call is not finished.
    /// </summary>
    public void LoadBeside(IReadOnlyList<Collection> outdated, CancellationToken ct)
    {
        if (outdated.Count > 0 && loading.IsCompleted)
            loading = Task.Run(() => LoadAllAsync(outdated, ct), CancellationToken.None);
    }

    /// <returns>False when the collection's generation has changed, or the collection was removed, meanwhile.</returns>
    public async Task<bool> LoadAsync(Collection collection, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<IFaceSearchDbContext>();
        var next = await mailbox.BeginLoadingAsync(collection);
        var isComplete = false;
        try
        {
            await ReadAsync(db, collection, next, ct);
            // Each statement reads one snapshot: if the generation is the same before and after, all rows were of it.
            isComplete = await db.Collections.AnyAsync(
                c => c.Id == collection.Id && c.Generation == collection.Generation, ct);
        }
        finally
        {
            isComplete = await mailbox.EndLoadingAsync(collection.Id, next, isComplete);
        }

        if (isComplete)
        {
            snapshots.Drop(collection.Id);
            LogLoaded(logger, collection.Id, collection.Generation, collection.Model, next.Faces.Count);
        }

        return isComplete;
    }

    private async Task ReadAsync(
        IFaceSearchDbContext db, Collection collection, GalleryIndex next, CancellationToken ct)
    {
        var pages = Pages.ReadAsync(
            last => db.Faces.AsNoTracking()
                .Where(face => face.CollectionId == collection.Id && face.Id > last)
                .SelectMany(
                    face => face.Embeddings.Where(of => of.Model == collection.Model),
                    (face, of) => new { face.Id, of.Embedding })
                .OrderBy(row => row.Id)
                .Select(row => new GalleryFace(row.Id, row.Embedding)),
            0L, face => face.FaceId, BatchSize, ct);
        await foreach (var page in pages)
        {
            await mailbox.FillAsync(collection.Id, next, page);
            progress.Add(page.Count);
        }
    }

    private async Task LoadAllAsync(IReadOnlyList<Collection> outdated, CancellationToken ct)
    {
        foreach (var collection in outdated)
            await TryLoadAsync(collection, ct);
    }

    private async Task TryLoadAsync(Collection collection, CancellationToken ct)
    {
        try
        {
            await LoadAsync(collection, ct);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            // The server stops.
        }
        catch (Exception exception)
        {
            LogNotLoaded(logger, collection.Id, exception);
        }
    }

    [LoggerMessage(EventId = 2020, Level = LogLevel.Information,
        Message = "Collection {CollectionId} is searched in generation {Generation}, model {Model}: {Faces} faces")]
    private static partial void LogLoaded(ILogger logger, long collectionId, int generation, string model, int faces);

    [LoggerMessage(EventId = 2021, Level = LogLevel.Warning,
        Message = "The new generation of collection {CollectionId} can't be loaded, the old one is still searched")]
    private static partial void LogNotLoaded(ILogger logger, long collectionId, Exception exception);
}
