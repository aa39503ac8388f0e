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
/// Owns the index. At start it fills it, from snapshots that agree with the database and otherwise from the database; the
/// server is ready afterwards. Then it applies the changes that this process commits, follows those of other processes
/// within two seconds, compares every collection with the database, and decides when snapshots are written and deleted.
/// </summary>
internal sealed partial class IndexSynchronizer(
    InMemoryFaceGallery gallery,
    IndexMailbox mailbox,
    FaceChangeFeed feed,
    GenerationLoader generations,
    IndexReconciler reconciler,
    SnapshotWriter snapshots,
    LoadProgress progress,
    IServiceScopeFactory scopes,
    TimeProvider time,
    IOptions<IndexOptions> options,
    ILogger<IndexSynchronizer> logger)
    : BackgroundService, IIndexChanges
{
    /// <summary>A comparison pauses for this many times the time that it took: it takes 1% of a processor at most.</summary>
    private const int PausePerWork = 99;

    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(500);

    private readonly TimeSpan savePeriod = TimeSpan.FromMinutes(options.Value.SnapshotMinutes);
    private readonly TimeSpan comparePeriod = TimeSpan.FromMinutes(options.Value.CompareMinutes);
    private readonly Lock stopping = new();
    private Task? lastSave;
    private Task saving = Task.CompletedTask;
    private long savedAt;

    public Task CommittedAsync(IndexChange change, CancellationToken ct) => ApplyAsync(change).WaitAsync(ct);

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await saving.WaitAsync(cancellationToken);

        // A host may be stopped twice at once: both calls wait for the same final write.
        lock (stopping)
            lastSave ??= Task.Run(() => SaveLastAsync(cancellationToken), CancellationToken.None);
        await lastSave;
    }

    private Task SaveLastAsync(CancellationToken ct) => gallery.IsReady ? TrySaveAsync(ct) : Task.CompletedTask;

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(FollowAsync(stoppingToken), CompareAsync(stoppingToken));

    private async Task ApplyAsync(IndexChange change)
    {
        switch (change)
        {
            case FacesAdded added:
                await mailbox.AddAsync(added.CollectionId, added.Model, added.Faces);
                break;
            case FacesRemoved removed:
                await mailbox.RemoveAsync(removed.CollectionId, removed.FaceIds);
                await snapshots.DropAsync(removed.CollectionId, CancellationToken.None);
                break;
            case CollectionRemoved:
                await mailbox.RemoveCollectionAsync(change.CollectionId);
                await snapshots.DropAsync(change.CollectionId, CancellationToken.None);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(change), change, null);
        }
    }

    private async Task FollowAsync(CancellationToken ct)
    {
        using var timer = new PeriodicTimer(Period);
        do
        {
            await TryFollowAsync(ct);
        }
        while (await timer.WaitForNextTickAsync(ct));
    }

    private async Task TryFollowAsync(CancellationToken ct)
    {
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            var db = scope.ServiceProvider.GetRequiredService<IFaceSearchDbContext>();
            if (gallery.IsReady)
            {
                generations.LoadBeside(await generations.FindOutdatedAsync(db, ct), ct);
                await FollowAsync(db, ct);
            }
            else
            {
                await LoadAsync(db, ct);
            }

            progress.ReportFollowed();
            SaveNowAndThen(ct);
        }
        catch (Exception exception) when (!ct.IsCancellationRequested)
        {
            LogBehind(logger, exception);
        }
    }

    private async Task FollowAsync(IFaceSearchDbContext db, CancellationToken ct)
    {
        foreach (var collectionId in await feed.FollowAsync(db, ct))
            snapshots.Drop(collectionId);
    }

    private async Task LoadAsync(IFaceSearchDbContext db, CancellationToken ct)
    {
        progress.Start(await db.Faces.LongCountAsync(ct));
        await feed.StartAsync(db, ct);
        var collections = await FindCollectionsAsync(db, ct);
        var opened = snapshots.Open(collections);
        foreach (var collection in collections)
        {
            if (opened.GetValueOrDefault(collection.Id) is { } index)
                await OpenAsync(collection, index, ct);
            else
                await generations.LoadAsync(collection, ct);
        }

        await FollowAsync(db, ct);
        while (await generations.FindOutdatedAsync(db, ct) is [var outdated, ..])
            await generations.LoadAsync(outdated, ct);

        gallery.MarkReady();
        LogLoaded(logger, progress.Loaded, opened.Count);
    }

    private async Task OpenAsync(Collection collection, FlatIndex index, CancellationToken ct)
    {
        await mailbox.PutAsync(collection.Id, new GalleryIndex(collection.Model, collection.Generation, index));
        progress.Add(index.Count);
        await CompareAsync(collection, () => Task.CompletedTask, ct);
    }

    private async Task CompareAsync(CancellationToken ct)
    {
        using var timer = new PeriodicTimer(comparePeriod);
        while (await timer.WaitForNextTickAsync(ct))
        {
            if (gallery.IsReady)
                await TryCompareAllAsync(ct);
        }
    }

    private async Task TryCompareAllAsync(CancellationToken ct)
    {
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            var db = scope.ServiceProvider.GetRequiredService<IFaceSearchDbContext>();
            var began = time.GetTimestamp();
            foreach (var collection in await FindCollectionsAsync(db, ct))
            {
                await CompareAsync(collection, PauseAsync, ct);
                await PauseAsync();
            }

            async Task PauseAsync()
            {
                await Task.Delay(time.GetElapsedTime(began) * PausePerWork, time, ct);
                began = time.GetTimestamp();
            }
        }
        catch (Exception exception) when (!ct.IsCancellationRequested)
        {
            LogNotCompared(logger, exception);
        }
    }

    private async Task CompareAsync(Collection collection, Func<Task> pause, CancellationToken ct)
    {
        if (await reconciler.CompareAsync(collection, pause, ct))
            return;

        LogStale(logger, collection.Id);
        await snapshots.DropAsync(collection.Id, ct);
        await generations.LoadAsync(collection, ct);
    }

    private static Task<List<Collection>> FindCollectionsAsync(IFaceSearchDbContext db, CancellationToken ct) =>
        db.Collections.AsNoTracking()
            .Where(collection => !collection.Name.StartsWith(Collection.RemovedPrefix))
            .OrderBy(collection => collection.Id)
            .ToListAsync(ct);

    /// <summary>Runs beside the synchronization, which must not wait for a disk.</summary>
    private void SaveNowAndThen(CancellationToken ct)
    {
        if (!saving.IsCompleted || (savedAt != 0 && time.GetElapsedTime(savedAt) < savePeriod))
            return;

        savedAt = time.GetTimestamp();
        saving = Task.Run(() => TrySaveAsync(ct), CancellationToken.None);
    }

    private async Task TrySaveAsync(CancellationToken ct)
    {
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            await snapshots.SaveAsync(scope.ServiceProvider.GetRequiredService<IFaceSearchDbContext>(), ct);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            // Retried when the server stops; otherwise the next start reads the database.
        }
        catch (Exception exception)
        {
            LogNotSaved(logger, exception);
        }
    }

    [LoggerMessage(EventId = 2000, Level = LogLevel.Information,
        Message = "The index is loaded: {Faces} faces, {Opened} collections from snapshots")]
    private static partial void LogLoaded(ILogger logger, long faces, int opened);

    [LoggerMessage(EventId = 2001, Level = LogLevel.Warning,
        Message = "The index can't be synchronized with the database, retrying")]
    private static partial void LogBehind(ILogger logger, Exception exception);

    [LoggerMessage(EventId = 2002, Level = LogLevel.Warning,
        Message = "The index of collection {CollectionId} is not that of the database, as after a restored backup; its faces are read again")]
    private static partial void LogStale(ILogger logger, long collectionId);

    [LoggerMessage(EventId = 2003, Level = LogLevel.Warning, Message = "The snapshots of the index were not written")]
    private static partial void LogNotSaved(ILogger logger, Exception exception);

    [LoggerMessage(EventId = 2004, Level = LogLevel.Warning,
        Message = "The index can't be compared with the database, retrying in the next round")]
    private static partial void LogNotCompared(ILogger logger, Exception exception);
}
