using FaceSearch.Application.Abstractions;
using FaceSearch.Domain.Faces;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace FaceSearch.Infrastructure.VectorIndex;

/// <summary>
/// Streams every enrolled face into the index at start; the server is ready when it is through. From then on it
/// follows what other processes on the same database add and remove, well within two seconds.
/// </summary>
internal sealed partial class GalleryLoader(
    InMemoryFaceGallery gallery, IServiceScopeFactory scopes, TimeProvider time, ILogger<GalleryLoader> logger)
    : BackgroundService
{
    private const int BatchSize = 1000;

    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(500);

    private readonly IdGaps faces = new(time);
    private readonly IdGaps removals = new(time);

    /// <summary>Reads what is new since the last time; the first time, everything.</summary>
    public async Task CatchUpAsync(CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<IFaceSearchDbContext>();
        if (!gallery.IsReady)
            await SkipOldRemovalsAsync(db, ct);

        // Faces before removals: one that is read here and removed right after is taken out below.
        await AddNewFacesAsync(db, ct);
        await RemoveFacesAsync(db, ct);
    }

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
            await CatchUpAsync(ct);
            if (!gallery.IsReady)
            {
                gallery.MarkReady();
                LogLoaded(logger, faces.Last);
            }
        }
        catch (Exception exception) when (!ct.IsCancellationRequested)
        {
            LogBehind(logger, exception.Message);
        }
    }

    private async Task AddNewFacesAsync(IFaceSearchDbContext db, CancellationToken ct)
    {
        faces.GiveUpOldOnes();
        var (last, missing) = (faces.Last, faces.Missing.ToArray());
        await AddAsync(db.Faces.Where(face => face.Id > last).OrderBy(face => face.Id), ct);
        if (missing.Length > 0)
            await AddAsync(db.Faces.Where(face => missing.Contains(face.Id)), ct);
    }

    private async Task AddAsync(IQueryable<Face> query, CancellationToken ct)
    {
        var rows = query.AsNoTracking()
            .Select(face => new { face.CollectionId, Face = new GalleryFace(face.Id, face.Embedding) })
            .AsAsyncEnumerable();
        var batch = new List<(long CollectionId, GalleryFace Face)>(BatchSize);
        await foreach (var row in rows.WithCancellation(ct))
        {
            batch.Add((row.CollectionId, row.Face));
            if (batch.Count == BatchSize)
                Publish();
        }

        Publish();

        void Publish()
        {
            foreach (var collection in batch.GroupBy(row => row.CollectionId, row => row.Face))
                gallery.Add(collection.Key, [.. collection]);
            foreach (var (_, face) in batch)
                faces.See(face.FaceId);
            batch.Clear();
        }
    }

    private async Task RemoveFacesAsync(IFaceSearchDbContext db, CancellationToken ct)
    {
        removals.GiveUpOldOnes();
        var (last, missing) = (removals.Last, removals.Missing.ToArray());
        var rows = await db.FaceRemovals.AsNoTracking()
            .Where(removal => removal.Id > last || missing.Contains(removal.Id))
            .OrderBy(removal => removal.Id)
            .ToListAsync(ct);
        foreach (var collection in rows.GroupBy(removal => removal.CollectionId, removal => removal.FaceId))
            gallery.Remove(collection.Key, [.. collection]);
        foreach (var removal in rows)
            removals.See(removal.Id);
    }

    /// <summary>What was removed before the faces are read is not among them.</summary>
    private async Task SkipOldRemovalsAsync(IFaceSearchDbContext db, CancellationToken ct)
    {
        var newest = await db.FaceRemovals.Select(removal => removal.Id)
            .OrderByDescending(id => id).Take(IdGaps.MaxGaps).ToListAsync(ct);
        foreach (var id in newest.Order())
            removals.See(id);
    }

    [LoggerMessage(EventId = 2000, Level = LogLevel.Information, Message = "The index is loaded, up to face {LastId}")]
    private static partial void LogLoaded(ILogger logger, long lastId);

    [LoggerMessage(EventId = 2001, Level = LogLevel.Warning, Message = "The index can't catch up: {Reason}")]
    private static partial void LogBehind(ILogger logger, string reason);
}
