using FaceSearch.Domain.Access;

namespace FaceSearch.Application.Access;

/// <summary>A known key and its rights. The caller must check at each use whether it has expired.</summary>
/// <param name="Hash">The hash as stored.</param>
/// <param name="Collections">The ids of the collections the key is bound to; empty when it may use all.</param>
/// <param name="ExpiresAt">Null when the key does not expire.</param>
public sealed record VerifiedKey(
    long Id, string Name, string Hash, AccessScopes Scopes, IReadOnlyList<long> Collections, DateTime? ExpiresAt)
{
    public bool HasExpired(DateTime now) => ExpiresAt <= now;

    internal static VerifiedKey From(ApiKey key) => new(
        key.Id, key.Name, key.Hash, key.Scopes, [.. key.Collections.Select(bound => bound.CollectionId)], key.ExpiresAt);
}
