using FaceSearch.Application.Abstractions;
using FaceSearch.Application.Access;
using FaceSearch.Application.Results;
using Mediator;
using Microsoft.EntityFrameworkCore;

namespace FaceSearch.Application.Persons;

public sealed record GetPersonQuery(string Collection, string PersonId) : IQuery<Result<PersonResult>>;

internal sealed class GetPersonHandler(IFaceSearchDbContext db, CollectionResolver collections)
    : IQueryHandler<GetPersonQuery, Result<PersonResult>>
{
    public async ValueTask<Result<PersonResult>> Handle(GetPersonQuery query, CancellationToken cancellationToken)
    {
        var collection = await collections.FindIdAsync(query.Collection, cancellationToken);
        if (collection.Error is { } noCollection)
            return noCollection;

        var person = await db.PersonsOf(collection.Value, query.PersonId).AsNoTracking()
            .ToResults(db).FirstOrDefaultAsync(cancellationToken);
        return person is null ? PersonErrors.NotFound(query.PersonId) : person;
    }
}
