using FaceSearch.Domain.Images;

namespace FaceSearch.Application.Abstractions;

/// <summary>Reads what the camera wrote into a picture. Thread-safe.</summary>
public interface IImageMetadataReader
{
    /// <summary>Never fails: a picture with no EXIF, or broken EXIF, is <see cref="ImageMetadata.None"/>.</summary>
    ImageMetadata Read(ReadOnlyMemory<byte> picture);
}
