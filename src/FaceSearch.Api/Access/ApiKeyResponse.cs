using System.Text.Json.Serialization;
using FaceSearch.Api.Http.Annotations;
using FaceSearch.Application.Abstractions;
using FaceSearch.Application.Access;
using FaceSearch.Application.Paging;
using FaceSearch.Domain.Access;

namespace FaceSearch.Api.Access;

/// <summary>What a key permits: searching, reading, changing, or managing collections and keys.</summary>
public enum ApiKeyScope
{
    Search = AccessScopes.Search,
    Read = AccessScopes.Read,
    Write = AccessScopes.Write,
    Admin = AccessScopes.Admin,
}

/// <summary>The key to issue.</summary>
/// <param name="Name">The key's owner, 1 to 100 characters; unique.</param>
/// <param name="Scopes">One or more.</param>
/// <param name="Collections">The only collections that the key may use; all when left out.</param>
/// <param name="ExpiresAt">When the key expires; without it the key does not expire.</param>
public sealed record IssueApiKeyRequest(
    [property: Limits(MinLength = 1, MaxLength = ApiKey.NameMaxLength)] string Name,
    [property: Limits(MinItems = 1)] IReadOnlyList<ApiKeyScope> Scopes,
    [property: Limits(MinItems = 1)] IReadOnlyList<string>? Collections = null,
    DateTimeOffset? ExpiresAt = null);

/// <summary>A key, without its secret.</summary>
/// <param name="Collections">The only collections that the key may use; null when it may use all.</param>
/// <param name="ExpiresAt">Null when the key does not expire.</param>
/// <param name="LastUsedAt">To the minute; null until its first use.</param>
public record ApiKeyResponse(
    string KeyId,
    string Name,
    IReadOnlyList<ApiKeyScope> Scopes,
    IReadOnlyList<string>? Collections,
    DateTime CreatedAt,
    DateTime? ExpiresAt,
    DateTime? LastUsedAt)
{
    internal static ApiKeyResponse From(ApiKeyResult key) => new(
        EntityId.Format(key.Id), key.Name, ScopesOf(key), CollectionsOf(key), key.CreatedAt, key.ExpiresAt, key.LastUsedAt);

    private protected static IReadOnlyList<ApiKeyScope> ScopesOf(ApiKeyResult key) =>
        [.. Enum.GetValues<ApiKeyScope>().Where(scope => key.Scopes.HasFlag((AccessScopes)scope))];

    private protected static IReadOnlyList<string>? CollectionsOf(ApiKeyResult key) =>
        key.Collections is [] ? null : key.Collections;
}

/// <summary>The key with its secret, which is shown once and not stored.</summary>
public sealed record IssuedApiKeyResponse(IssuedApiKeyResponse.KeyWithSecret Key)
{
    internal static IssuedApiKeyResponse From(IssuedApiKey issued) => new(KeyWithSecret.From(issued));

    /// <summary>A key with its secret.</summary>
    /// <param name="Secret">Send it as <c>X-Api-Key</c> or <c>Authorization: Bearer</c>.</param>
    public sealed record KeyWithSecret(
        string KeyId,
        string Name,
        IReadOnlyList<ApiKeyScope> Scopes,
        IReadOnlyList<string>? Collections,
        DateTime CreatedAt,
        DateTime? ExpiresAt,
        DateTime? LastUsedAt,
        string Secret)
        : ApiKeyResponse(KeyId, Name, Scopes, Collections, CreatedAt, ExpiresAt, LastUsedAt)
    {
        internal static KeyWithSecret From(IssuedApiKey issued) => new(
            EntityId.Format(issued.Key.Id), issued.Key.Name, ScopesOf(issued.Key), CollectionsOf(issued.Key),
            issued.Key.CreatedAt, issued.Key.ExpiresAt, issued.Key.LastUsedAt, issued.Secret);
    }
}

/// <summary>A page of keys, in the order they were issued.</summary>
/// <param name="NextCursor">Send it as 'cursor' to get the next page; absent on the last page.</param>
public sealed record ApiKeyListResponse(
    [property: Limits(MaxItems = Page.MaxLimit)] IReadOnlyList<ApiKeyResponse> Keys,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? NextCursor)
{
    internal static ApiKeyListResponse From(Page<ApiKeyResult> page) =>
        new([.. page.Items.Select(ApiKeyResponse.From)], page.NextCursor);
}
