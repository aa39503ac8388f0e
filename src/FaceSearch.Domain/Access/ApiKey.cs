using System.Security.Cryptography;
using System.Text;

namespace FaceSearch.Domain.Access;

/// <summary>A caller's key: 256 random bits, of which only the SHA-256 is kept.</summary>
public sealed class ApiKey
{
    public const int NameMaxLength = 100;

    private const string Prefix = "fs_";

    public long Id { get; private set; }

    public required string Name { get; init; }

    /// <summary>Lower-case hexadecimal. A fast hash is enough: the key is random, so there is nothing to guess.</summary>
    public required string Hash { get; init; }

    public AccessScopes Scopes { get; init; }

    public DateTime CreatedAt { get; init; }

    /// <summary>The key is refused from then on; null when it does not expire.</summary>
    public DateTime? ExpiresAt { get; init; }

    /// <summary>To the minute; null until its first use.</summary>
    public DateTime? LastUsedAt { get; set; }

    /// <summary>The only collections that the key may use; empty for all.</summary>
    public ICollection<ApiKeyCollection> Collections { get; } = [];

    /// <summary>A new key; <paramref name="secret"/> is shown to its owner once and not stored.</summary>
    /// <param name="collections">The ids of the collections the key is bound to; empty for all.</param>
    public static ApiKey Issue(
        string name,
        AccessScopes scopes,
        DateTime now,
        out string secret,
        DateTime? expiresAt = null,
        IEnumerable<long>? collections = null)
    {
        secret = Prefix + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));
        var key = new ApiKey
        {
            Name = name,
            Hash = HashOf(secret),
            Scopes = scopes,
            CreatedAt = now,
            ExpiresAt = expiresAt,
        };
        foreach (var id in collections ?? [])
            key.Collections.Add(new ApiKeyCollection { CollectionId = id });

        return key;
    }

    public static string HashOf(string secret) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(secret)));
}
