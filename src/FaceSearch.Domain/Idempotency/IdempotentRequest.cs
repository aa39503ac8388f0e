namespace FaceSearch.Domain.Idempotency;

/// <summary>A request with an <c>Idempotency-Key</c>, and its answer for retries.</summary>
public sealed class IdempotentRequest
{
    public const int KeyMaxLength = 255;

    /// <summary>The id of the caller's API key; 0 for callers without a key.</summary>
    public long ApiKeyId { get; init; }

    public required string Key { get; init; }

    /// <summary>
    /// SHA-256 of method, path, query and body, lower-case hexadecimal. While the request is in flight its body has not
    /// been read, and this is the token of its claim.
    /// </summary>
    public required string RequestHash { get; init; }

    /// <summary>When it was answered; while it is in flight, when the claim was last renewed.</summary>
    public DateTime CreatedAt { get; init; }

    /// <summary>Null while the first request is still in flight.</summary>
    public int? Status { get; set; }

    public string? ContentType { get; set; }

    public string? Location { get; set; }

    public string? ETag { get; set; }

    public byte[]? Body { get; set; }
}
