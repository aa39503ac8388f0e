using System.Globalization;
using FaceSearch.Application.Abstractions;
using FaceSearch.Application.Paging;
using FaceSearch.Application.Results;
using FaceSearch.Domain.Audit;
using FluentValidation;
using Mediator;
using Microsoft.EntityFrameworkCore;

namespace FaceSearch.Application.Audit;

/// <summary>The audit log, newest first.</summary>
/// <param name="Action">Only this operation; all without it.</param>
/// <param name="Collection">Only calls in the collection of this name, which may have been removed since.</param>
public sealed record ListAuditEntriesQuery(string? Action, string? Collection, string? Cursor, int Limit)
    : IQuery<Result<Page<AuditEntry>>>
{
    internal ListCursors Cursors => new("entries", Action, Collection);
}

internal sealed class ListAuditEntriesValidator : AbstractValidator<ListAuditEntriesQuery>
{
    public ListAuditEntriesValidator()
    {
        RuleFor(query => query.Limit).IsLimit();
        RuleFor(query => query.Cursor).IsCursor(query => query.Cursors, key => EntityId.Parse(key) is not null);
    }
}

internal sealed class ListAuditEntriesHandler(IFaceSearchDbContext db)
    : IQueryHandler<ListAuditEntriesQuery, Result<Page<AuditEntry>>>
{
    public async ValueTask<Result<Page<AuditEntry>>> Handle(
        ListAuditEntriesQuery query, CancellationToken cancellationToken)
    {
        var entries = db.AuditEntries.AsNoTracking();
        if (query.Action is { } action)
            entries = entries.Where(entry => entry.Action == action);
        if (query.Collection is { } collection)
            entries = entries.Where(entry => entry.Collection == collection);
        if (query.Cursor is { } cursor)
        {
            var last = EntityId.Parse(ListCursors.KeyOf(cursor));
            entries = entries.Where(entry => entry.Id < last);
        }

        var rows = await entries.OrderByDescending(entry => entry.Id)
            .Take(query.Limit + 1)
            .ToListAsync(cancellationToken);
        return Page.Of(rows, query.Limit, query.Cursors, entry => entry.Id.ToString(CultureInfo.InvariantCulture));
    }
}
