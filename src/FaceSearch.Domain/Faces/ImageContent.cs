namespace FaceSearch.Domain.Faces;

/// <summary>The uploaded bytes of a picture, in a separate table so that other queries do not read them.</summary>
public sealed class ImageContent
{
    public long ImageId { get; private set; }

    public required byte[] Data { get; init; }
}
