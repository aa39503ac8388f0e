using FaceSearch.Domain.Access;

namespace FaceSearch.Application.Access;

/// <summary>A known key and what it may do. Whether it has expired is for the caller to ask, at each use.</summary>
/// <param name="Hash">As it is stored.</param>
/// <param name="Collections">The ids of those the key is bound to; none when it opens all.</param>
/// <param name="ExpiresAt">Null is never.</param>
public sealed record VerifiedKey(
    long Id, string Name, string Hash, AccessScopes Scopes, IReadOnlyList<long> Collections, DateTime? ExpiresAt)
{
    public bool HasExpired(DateTime now) => ExpiresAt <= now;

    internal static VerifiedKey From(ApiKey key) => new(
        key.Id, key.Name, key.Hash, key.Scopes, [.. key.Collections.Select(bound => bound.CollectionId)], key.ExpiresAt);
}
