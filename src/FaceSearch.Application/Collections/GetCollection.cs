using FaceSearch.Application.Abstractions;
using FaceSearch.Application.Access;
using FaceSearch.Application.Results;
using Mediator;
using Microsoft.EntityFrameworkCore;

namespace FaceSearch.Application.Collections;

public sealed record GetCollectionQuery(string Name) : IQuery<Result<CollectionResult>>;

internal sealed class GetCollectionHandler(IFaceSearchDbContext db, CollectionResolver collections)
    : IQueryHandler<GetCollectionQuery, Result<CollectionResult>>
{
    public async ValueTask<Result<CollectionResult>> Handle(
        GetCollectionQuery query, CancellationToken cancellationToken)
    {
        var id = await collections.FindIdAsync(query.Name, cancellationToken);
        if (id.Error is { } error)
            return error;

        var found = await CollectionResult.From(db.Collections.Where(c => c.Id == id.Value && c.Name == query.Name), db)
            .FirstOrDefaultAsync(cancellationToken);
        return found is null ? CollectionAccessErrors.NotFound(query.Name) : found;
    }
}
