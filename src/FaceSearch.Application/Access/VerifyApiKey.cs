using System.Security.Cryptography;
using System.Text;
using FaceSearch.Application.Abstractions;
using FaceSearch.Application.Results;
using FaceSearch.Domain.Access;
using Mediator;
using Microsoft.EntityFrameworkCore;

namespace FaceSearch.Application.Access;

/// <summary>Whose key this is and what it may do. Expired keys are known, too.</summary>
public sealed record VerifyApiKeyQuery(string Secret) : IQuery<Result<VerifiedKey>>;

internal sealed class VerifyApiKeyHandler(IFaceSearchDbContext db, VerifiedKeys verified)
    : IQueryHandler<VerifyApiKeyQuery, Result<VerifiedKey>>
{
    /// <summary>
    /// Looks the hash up, not the key: how long the look-up takes tells nothing about the key, because whoever
    /// guesses can't steer the hash.
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

    /// <summary>In constant time; and a lenient collation of the database never decides.</summary>
    internal static bool AreEqual(string hash, string other) => CryptographicOperations.FixedTimeEquals(
        Encoding.ASCII.GetBytes(hash), Encoding.ASCII.GetBytes(other));
}
