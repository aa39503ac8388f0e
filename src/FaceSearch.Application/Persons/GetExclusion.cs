using FaceSearch.Application.Abstractions;
using FaceSearch.Application.Access;
using FaceSearch.Application.Results;
using FaceSearch.Domain.Persons;
using Mediator;
using Microsoft.EntityFrameworkCore;

namespace FaceSearch.Application.Persons;

public sealed record GetExclusionQuery(string Collection, string PersonId, string FaceId) : IQuery<Result<PersonExclusion>>;

internal sealed class GetExclusionHandler(IFaceSearchDbContext db, CollectionResolver collections)
    : IQueryHandler<GetExclusionQuery, Result<PersonExclusion>>
{
    public async ValueTask<Result<PersonExclusion>> Handle(GetExclusionQuery query, CancellationToken cancellationToken)
    {
        var collection = await collections.FindIdAsync(query.Collection, cancellationToken);
        if (collection.Error is { } noCollection)
            return noCollection;

        var faceId = EntityId.Parse(query.FaceId) ?? 0;
        var persons = db.PersonsOf(collection.Value, query.PersonId).Select(person => person.Id);
        var found = await db.PersonExclusions.AsNoTracking()
            .FirstOrDefaultAsync(row => persons.Contains(row.PersonId) && row.FaceId == faceId, cancellationToken);
        return found is null ? PersonErrors.ExclusionNotFound(query.FaceId) : found;
    }
}
