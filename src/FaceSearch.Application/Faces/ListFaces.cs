using FaceSearch.Application.Abstractions;
using FaceSearch.Application.Access;
using FaceSearch.Application.Paging;
using FaceSearch.Application.Results;
using FaceSearch.Domain.Faces;
using FaceSearch.Domain.Texts;
using FluentValidation;
using Mediator;
using Microsoft.EntityFrameworkCore;

namespace FaceSearch.Application.Faces;

/// <summary>The enrolled faces of a collection, oldest first; every filter that is given must hold.</summary>
/// <param name="Person">A person's name.</param>
/// <param name="PersonId">A person's id.</param>
public sealed record ListFacesQuery(
    string Collection, string? Person, string? PersonId, string? Tag, string? ExternalId, string? Cursor, int Limit)
    : IQuery<Result<Page<FaceDetails>>>
{
    public string? Person { get; } = FieldText.Normalize(Person);

    public string? Tag { get; } = FieldText.Normalize(Tag);

    public string? ExternalId { get; } = FieldText.Normalize(ExternalId);

    internal ListCursors Cursors => new("faces", Collection, Person, PersonId, Tag, ExternalId);
}

internal sealed class ListFacesValidator : AbstractValidator<ListFacesQuery>
{
    public ListFacesValidator()
    {
        RuleFor(query => query.Person).IsPersonName();
        RuleFor(query => query.Tag).IsTag();
        RuleFor(query => query.ExternalId).IsExternalId();
        RuleFor(query => query.Limit).IsLimit();
        RuleFor(query => query.Cursor).IsCursor(query => query.Cursors, key => EntityId.Parse(key) is not null);
    }
}

internal sealed class ListFacesHandler(IFaceSearchDbContext db, CollectionResolver collections)
    : IQueryHandler<ListFacesQuery, Result<Page<FaceDetails>>>
{
    public async ValueTask<Result<Page<FaceDetails>>> Handle(ListFacesQuery query, CancellationToken cancellationToken)
    {
        var collection = await collections.FindIdAsync(query.Collection, cancellationToken);
        if (collection.Error is { } noCollection)
            return noCollection;

        var faces = db.Faces.AsNoTracking().Where(face => face.CollectionId == collection.Value);
        if (query.Person is { } name)
        {
            var named = await db.Persons
                .Where(person => person.CollectionId == collection.Value && person.Name == name)
                .Select(person => (long?)person.Id)
                .FirstOrDefaultAsync(cancellationToken) ?? 0;
            faces = faces.Where(face => face.PersonId == named);
        }

        var rows = await Filter(faces, query)
            .OrderBy(face => face.Id)
            .Take(query.Limit + 1)
            .Select(FaceDetails.Projection)
            .ToListAsync(cancellationToken);
        return Page.Of(rows, query.Limit, query.Cursors, face => EntityId.Format(face.FaceId));
    }

    /// <summary>Reads the tag's index first, so a rare tag does not scan every face.</summary>
    private IQueryable<Face> Filter(IQueryable<Face> faces, ListFacesQuery query)
    {
        if (query.PersonId is { } id)
        {
            var personId = EntityId.Parse(id) ?? 0;
            faces = faces.Where(face => face.PersonId == personId);
        }

        if (query.Tag is { } tag)
            faces = faces.Where(face =>
                db.FaceTags.Where(filed => filed.Tag == tag).Select(filed => filed.FaceId).Contains(face.Id));
        if (query.ExternalId is { } externalId)
            faces = faces.Where(face => face.ExternalId == externalId);
        if (query.Cursor is { } cursor)
        {
            var last = EntityId.Parse(ListCursors.KeyOf(cursor))!.Value;
            faces = faces.Where(face => face.Id > last);
        }

        return faces;
    }
}
