namespace FaceSearch.Domain.Faces;

/// <summary>A word a client filed a face under.</summary>
public sealed class FaceTag
{
    public const int MaxLength = 64;

    public long FaceId { get; init; }

    public required string Tag { get; init; }
}
