namespace FaceSearch.Domain.Faces;

/// <summary>An enrolled picture and what is known about it. Its bytes are kept apart, in <see cref="ImageContent"/>.</summary>
public sealed class Image
{
    public const int FileNameMaxLength = 255;

    public long Id { get; private set; }

    public long CollectionId { get; init; }

    public required string FileName { get; init; }

    /// <summary>The number in an LFW-style file name: 1 in <c>Aaron_Eckhart_0001.jpg</c>.</summary>
    public int? Version { get; init; }

    /// <summary>SHA-256 of the uploaded bytes, lower-case hexadecimal; unique within a collection.</summary>
    public required string Sha256 { get; init; }

    public long Bytes { get; init; }

    public ImageFormat Format { get; init; }

    /// <summary>Pixels of the upright picture.</summary>
    public int Width { get; init; }

    public int Height { get; init; }

    public required ImageMetadata Metadata { get; init; }

    public DateTime AddedAt { get; init; }

    /// <summary>Null when the server is configured not to keep pictures, and after the erasure of a person on it.</summary>
    public ImageContent? Content { get; set; }

    public ICollection<Face> Faces { get; } = [];
}
