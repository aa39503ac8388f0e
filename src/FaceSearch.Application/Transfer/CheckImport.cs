using FaceSearch.Application.Abstractions;
using FaceSearch.Application.Access;
using FaceSearch.Application.Collections;
using FaceSearch.Application.Results;
using FaceSearch.Domain.Collections;
using Mediator;
using Microsoft.EntityFrameworkCore;

namespace FaceSearch.Application.Transfer;

/// <summary>
/// Checks the collection of an import before the export is received. Answers the collection's id; null for one that the
/// import creates.
/// </summary>
public sealed record CheckImportQuery(string Collection) : IQuery<Result<long?>>;

internal sealed class CheckImportHandler(ImportCollections targets) : IQueryHandler<CheckImportQuery, Result<long?>>
{
    public async ValueTask<Result<long?>> Handle(CheckImportQuery query, CancellationToken cancellationToken)
    {
        var found = await targets.FindAsync(query.Collection, cancellationToken);
        return found.Error is { } error ? error : found.Value?.Id;
    }
}

/// <summary>Finds the collection that an import adds to.</summary>
internal sealed class ImportCollections(IFaceSearchDbContext db, CollectionResolver collections, ICaller caller)
{
    /// <summary>
    /// Null for a collection that the caller may create. Errors: <c>forbidden</c>, <c>collection-not-found</c>,
    /// <c>invalid-request</c>.
    /// </summary>
    public async Task<Result<Collection?>> FindAsync(string name, CancellationToken ct)
    {
        var id = await collections.FindIdAsync(name, ct);
        if (id.IsSuccess)
            return await db.Collections.AsNoTracking().FirstOrDefaultAsync(c => c.Id == id.Value, ct);
        if (id.Error is not { Kind: ErrorKind.NotFound } missing || caller.Collections is not null)
            return id.Error!;

        if (!CollectionName.IsOne(name))
            return CommonErrors.InvalidField("collection", $"A collection's name has {CollectionName.Rule}.");

        return default(Collection);
    }
}
