namespace FaceSearch.Domain.Idempotency;

/// <summary>A request that came with an <c>Idempotency-Key</c>, and its answer for those who repeat it.</summary>
public sealed class IdempotentRequest
{
    public const int KeyMaxLength = 255;

    /// <summary>Whose request; 0 for callers without a key.</summary>
    public long ApiKeyId { get; init; }

    public required string Key { get; init; }

    /// <summary>SHA-256 of method, path, query and body, lower-case hexadecimal.</summary>
    public required string RequestHash { get; init; }

    public DateTime CreatedAt { get; init; }

    /// <summary>Null while the first request is still in flight.</summary>
    public int? Status { get; set; }

    public string? ContentType { get; set; }

    public string? Location { get; set; }

    public string? ETag { get; set; }

    public byte[]? Body { get; set; }
}
