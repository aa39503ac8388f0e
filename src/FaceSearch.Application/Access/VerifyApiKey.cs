using FaceSearch.Application.Abstractions;
using FaceSearch.Application.Results;
using FaceSearch.Domain.Access;
using Mediator;
using Microsoft.EntityFrameworkCore;

namespace FaceSearch.Application.Access;

/// <summary>Whose key this is and what it may do.</summary>
public sealed record VerifyApiKeyQuery(string Secret) : IQuery<Result<VerifiedKey>>;

/// <param name="Collections">The ids of those the key is bound to; none when it opens all.</param>
public sealed record VerifiedKey(long Id, string Name, AccessScopes Scopes, IReadOnlyList<long> Collections);

internal sealed class VerifyApiKeyHandler(IFaceSearchDbContext db)
    : IQueryHandler<VerifyApiKeyQuery, Result<VerifiedKey>>
{
    private static readonly Error Unknown = new(
        ErrorKind.Unauthorized, "unauthorized", "The API key is not known here. Check it, or ask for a new one.");

    /// <summary>
    /// Looks the hash up, not the key: how long the look-up takes tells nothing about the key, because whoever
    /// guesses can't steer the hash.
    /// </summary>
    public async ValueTask<Result<VerifiedKey>> Handle(VerifyApiKeyQuery query, CancellationToken cancellationToken)
    {
        var hash = ApiKey.HashOf(query.Secret);
        var key = await db.ApiKeys.AsNoTracking()
            .Include(k => k.Collections)
            .FirstOrDefaultAsync(k => k.Hash == hash, cancellationToken);
        return key is null
            ? Unknown
            : new VerifiedKey(key.Id, key.Name, key.Scopes, [.. key.Collections.Select(bound => bound.CollectionId)]);
    }
}
