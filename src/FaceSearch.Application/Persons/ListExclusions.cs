using FaceSearch.Application.Abstractions;
using FaceSearch.Application.Access;
using FaceSearch.Application.Paging;
using FaceSearch.Application.Results;
using FaceSearch.Domain.Persons;
using FluentValidation;
using Mediator;
using Microsoft.EntityFrameworkCore;

namespace FaceSearch.Application.Persons;

/// <summary>The faces that are excluded from the person, in the order of their enrolment.</summary>
public sealed record ListExclusionsQuery(string Collection, string PersonId, string? Cursor, int Limit)
    : IQuery<Result<Page<PersonExclusion>>>
{
    internal ListCursors Cursors => new("exclusions", Collection, PersonId);
}

internal sealed class ListExclusionsValidator : AbstractValidator<ListExclusionsQuery>
{
    public ListExclusionsValidator()
    {
        RuleFor(query => query.Limit).IsLimit();
        RuleFor(query => query.Cursor).IsCursor(query => query.Cursors, key => EntityId.Parse(key) is not null);
    }
}

internal sealed class ListExclusionsHandler(IFaceSearchDbContext db, CollectionResolver collections)
    : IQueryHandler<ListExclusionsQuery, Result<Page<PersonExclusion>>>
{
    public async ValueTask<Result<Page<PersonExclusion>>> Handle(
        ListExclusionsQuery query, CancellationToken cancellationToken)
    {
        var collection = await collections.FindIdAsync(query.Collection, cancellationToken);
        if (collection.Error is { } noCollection)
            return noCollection;

        var person = await db.PersonsOf(collection.Value, query.PersonId)
            .Select(person => (long?)person.Id).FirstOrDefaultAsync(cancellationToken);
        if (person is null)
            return PersonErrors.NotFound(query.PersonId);

        var last = query.Cursor is { } cursor ? EntityId.Parse(ListCursors.KeyOf(cursor)) : 0;
        var rows = await db.PersonExclusions.AsNoTracking()
            .Where(exclusion => exclusion.PersonId == person && exclusion.FaceId > last)
            .OrderBy(exclusion => exclusion.FaceId)
            .Take(query.Limit + 1)
            .ToListAsync(cancellationToken);
        return Page.Of(rows, query.Limit, query.Cursors, exclusion => EntityId.Format(exclusion.FaceId));
    }
}
