using System.Security.Cryptography;
using System.Text;
using FaceSearch.Application.Abstractions;
using FaceSearch.Application.Results;
using FaceSearch.Domain.Access;
using Mediator;
using Microsoft.EntityFrameworkCore;

namespace FaceSearch.Application.Access;

/// <summary>The key and its rights; also for an expired key.</summary>
public sealed record VerifyApiKeyQuery(string Secret) : IQuery<Result<VerifiedKey>>;

internal sealed class VerifyApiKeyHandler(IFaceSearchDbContext db, ApiKeyCache verified)
    : IQueryHandler<VerifyApiKeyQuery, Result<VerifiedKey>>
{
    /// <summary>
    /// Looks up the hash, not the key, so the duration of the look-up reveals nothing about the key: an attacker can't
    /// choose the hash.
    /// </summary>
    public async ValueTask<Result<VerifiedKey>> Handle(VerifyApiKeyQuery query, CancellationToken cancellationToken)
    {
        var hash = ApiKey.HashOf(query.Secret);
        var lookUp = verified.BeginLookUp();
        var key = await db.ApiKeys.AsNoTracking()
            .Include(k => k.Collections)
            .FirstOrDefaultAsync(k => k.Hash == hash, cancellationToken);
        if (key is null || !AreEqual(key.Hash, hash))
            return AccessErrors.UnknownKey;

        var known = VerifiedKey.From(key);
        verified.Add(known, lookUp);
        return known;
    }

    /// <summary>Compares in constant time, and independently of the database's collation.</summary>
    internal static bool AreEqual(string hash, string other) => CryptographicOperations.FixedTimeEquals(
        Encoding.ASCII.GetBytes(hash), Encoding.ASCII.GetBytes(other));
}
