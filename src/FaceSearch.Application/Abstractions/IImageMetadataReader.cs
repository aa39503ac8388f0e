using FaceSearch.Domain.Faces;

namespace FaceSearch.Application.Abstractions;

/// <summary>Reads a picture's EXIF metadata. Thread-safe.</summary>
public interface IImageMetadataReader
{
    /// <summary>Never fails: a picture with no EXIF, or broken EXIF, is <see cref="ImageMetadata.None"/>.</summary>
    ImageMetadata Read(ReadOnlyMemory<byte> picture);
}
