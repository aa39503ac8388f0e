using FaceSearch.Application.Abstractions;
using FaceSearch.Application.Paging;
using FaceSearch.Application.Results;
using FaceSearch.Domain.Access;
using FluentValidation;
using Mediator;
using Microsoft.EntityFrameworkCore;

namespace FaceSearch.Application.Access;

/// <summary>The keys in the order they were issued; never their secrets.</summary>
public sealed record ListApiKeysQuery(string? Cursor, int Limit) : IQuery<Result<Page<ApiKeyResult>>>
{
    internal static ListCursors Cursors { get; } = new("keys");
}

/// <param name="Collections">The names of the collections the key is bound to; empty when it may use all.</param>
/// <param name="LastUsedAt">To the minute; null until its first use.</param>
public sealed record ApiKeyResult(
    long Id, string Name, AccessScopes Scopes, IReadOnlyList<string> Collections, DateTime CreatedAt,
    DateTime? ExpiresAt, DateTime? LastUsedAt)
{
    internal static ApiKeyResult From(ApiKey key, IReadOnlyList<string> collections) =>
        new(key.Id, key.Name, key.Scopes, collections, key.CreatedAt, key.ExpiresAt, key.LastUsedAt);
}

internal sealed class ListApiKeysValidator : AbstractValidator<ListApiKeysQuery>
{
    public ListApiKeysValidator()
    {
        RuleFor(query => query.Limit).IsLimit();
        RuleFor(query => query.Cursor).IsCursor(_ => ListApiKeysQuery.Cursors, key => EntityId.Parse(key) is not null);
    }
}

internal sealed class ListApiKeysHandler(IFaceSearchDbContext db)
    : IQueryHandler<ListApiKeysQuery, Result<Page<ApiKeyResult>>>
{
    public async ValueTask<Result<Page<ApiKeyResult>>> Handle(ListApiKeysQuery query, CancellationToken cancellationToken)
    {
        var last = query.Cursor is { } cursor ? EntityId.Parse(ListCursors.KeyOf(cursor)) : 0;
        var rows = await db.ApiKeys
            .Where(key => key.Id > last)
            .OrderBy(key => key.Id)
            .Take(query.Limit + 1)
            .ReadResultsAsync(db, cancellationToken);
        return Page.Of(rows, query.Limit, ListApiKeysQuery.Cursors, key => EntityId.Format(key.Id));
    }
}

internal static class ApiKeyLookup
{
    public static async Task<IReadOnlyList<ApiKeyResult>> ReadResultsAsync(
        this IQueryable<ApiKey> query, IFaceSearchDbContext db, CancellationToken ct)
    {
        var keys = await query.AsNoTracking().Include(key => key.Collections).ToListAsync(ct);
        var ids = keys.SelectMany(key => key.Collections).Select(bound => bound.CollectionId).Distinct().ToArray();
        var names = await db.Collections.AsNoTracking()
            .Where(collection => ids.Contains(collection.Id))
            .ToDictionaryAsync(collection => collection.Id, collection => collection.Name, ct);
        return keys.ConvertAll(key => ApiKeyResult.From(key, NamesOf(key, names)));
    }

    private static string[] NamesOf(ApiKey key, Dictionary<long, string> names) =>
        [.. key.Collections.Select(bound => names.GetValueOrDefault(bound.CollectionId)).OfType<string>()
            .Order(StringComparer.Ordinal)];
}
