using FaceSearch.Application.Abstractions;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace FaceSearch.Infrastructure.VectorIndex;

/// <summary>Streams every enrolled face into the index at start; the server is ready when it is through.</summary>
internal sealed partial class GalleryLoader(
    InMemoryFaceGallery gallery, IServiceScopeFactory scopes, ILogger<GalleryLoader> logger) : BackgroundService
{
    private const int BatchSize = 1000;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<IFaceSearchDbContext>();
        var total = 0;
        foreach (var collectionId in await db.Collections.Select(c => c.Id).ToListAsync(stoppingToken))
            total += await LoadAsync(db, collectionId, stoppingToken);

        gallery.MarkReady();
        LogLoaded(logger, total);
    }

    private async Task<int> LoadAsync(IFaceSearchDbContext db, long collectionId, CancellationToken ct)
    {
        var faces = db.Faces.AsNoTracking()
            .Where(face => face.CollectionId == collectionId)
            .OrderBy(face => face.Id)
            .Select(face => new { face.Id, face.Embedding })
            .AsAsyncEnumerable();

        var loaded = 0;
        var batch = new List<GalleryFace>(BatchSize);
        await foreach (var face in faces.WithCancellation(ct))
        {
            batch.Add(new GalleryFace(face.Id, face.Embedding));
            if (batch.Count == BatchSize)
                Flush();
        }

        Flush();
        return loaded;

        void Flush()
        {
            gallery.Add(collectionId, batch);
            loaded += batch.Count;
            batch.Clear();
        }
    }

    [LoggerMessage(EventId = 2000, Level = LogLevel.Information, Message = "{Count} faces are searchable")]
    private static partial void LogLoaded(ILogger logger, int count);
}
