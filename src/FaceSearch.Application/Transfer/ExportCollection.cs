using FaceSearch.Application.Abstractions;
using FaceSearch.Application.Collections;
using FaceSearch.Application.Results;
using Mediator;

namespace FaceSearch.Application.Transfer;

/// <summary>A whole collection as one file, for another server, another database, or safe keeping.</summary>
/// <param name="Pictures">With the pictures that are kept.</param>
public sealed record ExportCollectionQuery(string Collection, bool Pictures) : IQuery<Result<CollectionExport>>;

/// <param name="WriteAsync">
/// Writes the export as it is read from the database, of which it shows one moment; memory stays small however large the
/// collection is. It breaks off when the database does: a file without its last entry is no export.
/// </param>
public sealed record CollectionExport(string Collection, Func<Stream, CancellationToken, Task> WriteAsync);

internal sealed class ExportCollectionHandler(
    IFaceSearchDbContext db, CollectionDirectory collections, IArchiveStore archives, TimeProvider time)
    : IQueryHandler<ExportCollectionQuery, Result<CollectionExport>>
{
    public async ValueTask<Result<CollectionExport>> Handle(
        ExportCollectionQuery query, CancellationToken cancellationToken)
    {
        var collection = await collections.FindIdAsync(query.Collection, cancellationToken);
        if (collection.Error is { } noCollection)
            return noCollection;

        return new CollectionExport(query.Collection, WriteAsync);

        async Task WriteAsync(Stream stream, CancellationToken ct)
        {
            await using var zip = await ExportZip.CreateAsync(stream, archives.NewTemporaryFile(), ct);
            var writer = new ExportWriter(db, zip, collection.Value, query.Pictures);
            await db.ReadAtOneMomentAsync(() => writer.WriteAsync(time.GetUtcNow().UtcDateTime, ct), ct);
            await zip.FinishAsync(ct);
        }
    }
}
