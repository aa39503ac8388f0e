namespace FaceSearch.Domain.Images;

/// <summary>The bytes of a picture as they came, in a table of their own so that no query drags them along.</summary>
public sealed class ImageContent
{
    public long ImageId { get; private set; }

    public required byte[] Data { get; init; }
}
