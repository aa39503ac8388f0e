using FaceSearch.Application.Abstractions;
using FaceSearch.Application.Paging;
using FaceSearch.Application.Results;
using FaceSearch.Domain.Collections;
using FluentValidation;
using Mediator;
using Microsoft.EntityFrameworkCore;

namespace FaceSearch.Application.Collections;

/// <summary>The collections that the caller's key may use, by name.</summary>
public sealed record ListCollectionsQuery(string? Cursor, int Limit) : IQuery<Result<Page<CollectionResult>>>
{
    internal static ListCursors Cursors { get; } = new("collections");
}

internal sealed class ListCollectionsValidator : AbstractValidator<ListCollectionsQuery>
{
    public ListCollectionsValidator()
    {
        RuleFor(query => query.Limit).IsLimit();
        RuleFor(query => query.Cursor).IsCursor(_ => ListCollectionsQuery.Cursors, key => key.Length > 0);
    }
}

internal sealed class ListCollectionsHandler(IFaceSearchDbContext db, ICaller caller)
    : IQueryHandler<ListCollectionsQuery, Result<Page<CollectionResult>>>
{
    public async ValueTask<Result<Page<CollectionResult>>> Handle(
        ListCollectionsQuery query, CancellationToken cancellationToken)
    {
        var collections = db.Collections.AsNoTracking().Where(c => !c.Name.StartsWith(Collection.RemovedPrefix));
        if (caller.Collections?.ToArray() is { } bound)
            collections = collections.Where(collection => bound.Contains(collection.Id));
        if (query.Cursor is { } cursor)
        {
            var last = ListCursors.KeyOf(cursor);
            collections = collections.Where(collection => string.Compare(collection.Name, last) > 0);
        }

        var rows = await CollectionResult
            .From(collections.OrderBy(collection => collection.Name).Take(query.Limit + 1), db)
            .ToListAsync(cancellationToken);
        return Page.Of(rows, query.Limit, ListCollectionsQuery.Cursors, collection => collection.Name);
    }
}
