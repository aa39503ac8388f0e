using FaceSearch.Application.Abstractions;
using FaceSearch.Domain.Collections;
using FaceSearch.Infrastructure.VectorIndex.Gallery;
using FaceSearch.Infrastructure.VectorIndex.Snapshots;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace FaceSearch.Infrastructure.VectorIndex.Sync;

/// <summary>
/// Fills the index at start, from valid snapshots and otherwise from the database. The server is ready afterwards. Then
/// it applies the changes of other processes on the same database, well within two seconds, and writes new snapshots.
/// </summary>
internal sealed partial class GalleryLoader(
    InMemoryFaceGallery gallery,
    FaceChangeFeed feed,
    SnapshotWriter snapshots,
    GenerationLoader generations,
    LoadProgress progress,
    IServiceScopeFactory scopes,
    TimeProvider time,
    IOptions<IndexOptions> options,
    ILogger<GalleryLoader> logger)
    : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(500);

    private readonly TimeSpan savePeriod = TimeSpan.FromMinutes(options.Value.SnapshotMinutes);
    private readonly Lock stopping = new();
    private Task? lastSave;
    private Task saving = Task.CompletedTask;
    private long savedAt;

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await saving.WaitAsync(cancellationToken);

        // A host may be stopped twice at once: both calls wait for the same final write.
        lock (stopping)
            lastSave ??= Task.Run(() => SaveLastAsync(cancellationToken), CancellationToken.None);
        await lastSave;
    }

    private Task SaveLastAsync(CancellationToken ct) =>
        gallery.IsReady ? TrySaveAsync(feed.LastFaceId, feed.LastRemovalId, ct) : Task.CompletedTask;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period);
        do
        {
            await TryCatchUpAsync(stoppingToken);
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task TryCatchUpAsync(CancellationToken ct)
    {
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            var db = scope.ServiceProvider.GetRequiredService<IFaceSearchDbContext>();
            if (gallery.IsReady)
            {
                generations.LoadBeside(await generations.FindOutdatedAsync(db, ct), ct);
                await CatchUpAsync(db, ct);
            }
            else
            {
                await LoadAsync(db, ct);
            }

            progress.ReportSuccess();
            SaveNowAndThen(ct);
        }
        catch (Exception exception) when (!ct.IsCancellationRequested)
        {
            progress.ReportFailure();
            LogBehind(logger, exception.Message);
        }
    }

    private async Task LoadAsync(IFaceSearchDbContext db, CancellationToken ct)
    {
        progress.Start(await db.Faces.LongCountAsync(ct));
        var collections = await db.Collections.AsNoTracking()
            .Where(collection => !collection.Name.StartsWith(Collection.RemovedPrefix))
            .OrderBy(collection => collection.Id)
            .ToListAsync(ct);
        var opened = snapshots.Open(collections);
        if (opened.Count > 0)
            feed.StartAt(opened.Values.Max(stamp => stamp.LastFaceId), opened.Values.Min(stamp => stamp.LastRemovalId));
        else
            await feed.SkipOldRemovalsAsync(db, ct);

        foreach (var collection in collections)
        {
            if (!opened.ContainsKey(collection.Id))
                gallery.Put(collection.Id, new GalleryIndex(collection.Model, collection.Generation, new FlatIndex()));
            await feed.AddCollectionAsync(db, collection.Id, opened.GetValueOrDefault(collection.Id).LastFaceId, ct);
        }

        await CatchUpAsync(db, ct);
        await RebuildStaleAsync(db, collections.Where(collection => opened.ContainsKey(collection.Id)), ct);
        while (await generations.FindOutdatedAsync(db, ct) is [var outdated, ..])
            await generations.LoadAsync(outdated, ct);

        gallery.MarkReady();
        LogLoaded(logger, progress.Loaded, opened.Count);
    }

    private async Task CatchUpAsync(IFaceSearchDbContext db, CancellationToken ct)
    {
        // Faces before removals: one that is read here and removed right after is taken out below.
        await feed.AddNewFacesAsync(db, ct);
        foreach (var collectionId in await feed.RemoveFacesAsync(db, ct))
            snapshots.Drop(collectionId);
    }

    /// <summary>
    /// A snapshot with another number of faces than the database is stale: a backup was restored, or rows were deleted
    /// without a tombstone. A concurrent change by another process only causes one more read of the collection.
    /// </summary>
    private async Task RebuildStaleAsync(IFaceSearchDbContext db, IEnumerable<Collection> opened, CancellationToken ct)
    {
        foreach (var collection in opened)
        {
            var count = await db.Faces.CountAsync(face => face.CollectionId == collection.Id, ct);
            if (gallery.Find(collection.Id)?.Faces.Count == count)
                continue;

            LogStale(logger, collection.Id);
            snapshots.Drop(collection.Id);
            gallery.Put(collection.Id, new GalleryIndex(collection.Model, collection.Generation, new FlatIndex()));
            await feed.AddCollectionAsync(db, collection.Id, 0, ct);
            await CatchUpAsync(db, ct);
        }
    }

    /// <summary>Runs beside the synchronization, which must not wait for a disk.</summary>
    private void SaveNowAndThen(CancellationToken ct)
    {
        if (!saving.IsCompleted || (savedAt != 0 && time.GetElapsedTime(savedAt) < savePeriod))
            return;

        savedAt = time.GetTimestamp();
        var (lastFaceId, lastRemovalId) = (feed.LastFaceId, feed.LastRemovalId);
        saving = Task.Run(() => TrySaveAsync(lastFaceId, lastRemovalId, ct), CancellationToken.None);
    }

    private async Task TrySaveAsync(long lastFaceId, long lastRemovalId, CancellationToken ct)
    {
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            var db = scope.ServiceProvider.GetRequiredService<IFaceSearchDbContext>();
            await snapshots.SaveAsync(db, lastFaceId, lastRemovalId, ct);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            // Retried when the server stops; otherwise the next start reads the database.
        }
        catch (Exception exception)
        {
            LogNotSaved(logger, exception.Message);
        }
    }

    [LoggerMessage(EventId = 2000, Level = LogLevel.Information,
        Message = "The index is loaded: {Faces} faces, {Opened} collections from snapshots")]
    private static partial void LogLoaded(ILogger logger, long faces, int opened);

    [LoggerMessage(EventId = 2001, Level = LogLevel.Warning,
        Message = "The index can't be synchronized with the database, retrying: {Reason}")]
    private static partial void LogBehind(ILogger logger, string reason);

    [LoggerMessage(EventId = 2002, Level = LogLevel.Warning,
        Message = "The snapshot of collection {CollectionId} is stale; its faces are read from the database")]
    private static partial void LogStale(ILogger logger, long collectionId);

    [LoggerMessage(EventId = 2003, Level = LogLevel.Warning, Message = "The snapshots of the index were not written: {Reason}")]
    private static partial void LogNotSaved(ILogger logger, string reason);
}
