namespace FaceSearch.Api.Tests;
internal sealed class TempReader : FaceSearch.Application.Abstractions.IImageMetadataReader
{
    public FaceSearch.Domain.Images.ImageMetadata Read(ReadOnlyMemory<byte> picture) => FaceSearch.Domain.Images.ImageMetadata.None;
}
