namespace FaceSearch.Domain.Faces;

/// <summary>A tag that a client gave a face.</summary>
public sealed class FaceTag
{
    public const int MaxLength = 64;

    public long FaceId { get; init; }

    public required string Tag { get; init; }
}
