using FaceSearch.Application.Abstractions;
using FaceSearch.Application.Access;
using FaceSearch.Application.Results;
using Mediator;

namespace FaceSearch.Application.Transfer;

/// <summary>Exports a whole collection as one file, for another server, another database, or a backup.</summary>
/// <param name="Pictures">With the pictures that are kept.</param>
public sealed record ExportCollectionQuery(string Collection, bool Pictures) : IQuery<Result<CollectionExport>>;

/// <param name="WriteAsync">
/// Streams the export from one snapshot of the database; memory use does not grow with the collection. A slow client
/// reads from a temporary file, so that the snapshot ends soon. The export stops when the database fails: a file without
/// its last entry is not a valid export.
/// </param>
public sealed record CollectionExport(string Collection, Func<Stream, CancellationToken, Task> WriteAsync);

internal sealed class ExportCollectionHandler(
    IFaceSearchDbContext db, CollectionResolver collections, IArchiveStore archives, TimeProvider time)
    : IQueryHandler<ExportCollectionQuery, Result<CollectionExport>>
{
    public async ValueTask<Result<CollectionExport>> Handle(
        ExportCollectionQuery query, CancellationToken cancellationToken)
    {
        var collection = await collections.FindIdAsync(query.Collection, cancellationToken);
        if (collection.Error is { } noCollection)
            return noCollection;

        return new CollectionExport(query.Collection, WriteAsync);

        async Task WriteAsync(Stream client, CancellationToken ct)
        {
            await using var spool = ExportSpool.Create(archives.NewTemporaryFile());
            await spool.CopyAsync(WriteZipAsync, client, ct);
        }

        async Task WriteZipAsync(Stream stream, CancellationToken ct)
        {
            await using var zip = await ExportZip.CreateAsync(stream, archives.NewTemporaryFile(), ct);
            var writer = new ExportWriter(db, zip, collection.Value, query.Pictures);
            await db.ReadSnapshotAsync(() => writer.WriteAsync(time.GetUtcNow().UtcDateTime, ct), ct);
            await zip.FinishAsync(ct);
        }
    }
}
