using FaceSearch.Api.Contracts;
using FaceSearch.Application.Abstractions;
using FaceSearch.Application.Faces;
using FaceSearch.Domain.Faces;

namespace FaceSearch.Api.Faces;

/// <summary>All stored data about an enrolled picture.</summary>
/// <param name="PictureNumber">The number in the LFW-style file name.</param>
/// <param name="Sha256">SHA-256 of the uploaded bytes, lower-case hexadecimal.</param>
/// <param name="Width">Pixels of the upright picture.</param>
/// <param name="Height">Pixels of the upright picture.</param>
/// <param name="CapturedAt">EXIF capture time; taken as UTC where EXIF gives no offset.</param>
public sealed record ImageResponse(
    string ImageId,
    string FileName,
    string? Person,
    int? PictureNumber,
    string Sha256,
    long Bytes,
    ImageFormat Format,
    int Width,
    int Height,
    DateTime? CapturedAt,
    string? Camera,
    LocationResponse? Location,
    DateTime AddedAt,
    string? Model,
    IReadOnlyList<FaceOfImageResponse> Faces)
{
    internal static ImageResponse From(FaceInfo info) => new(
        EntityId.Format(info.ImageId),
        info.FileName,
        info.Person,
        info.Version,
        info.Sha256,
        info.Bytes,
        info.Format,
        info.Width,
        info.Height,
        info.Metadata.CapturedAt,
        info.Metadata.Camera,
        LocationResponse.From(info.Metadata),
        info.AddedAt,
        info.Model,
        [.. info.Faces.Select(face => new FaceOfImageResponse(
            EntityId.Format(face.FaceId), BoxResponse.From(face.Box)))]);
}

/// <summary>Degrees; north and east are positive.</summary>
public sealed record LocationResponse(double Latitude, double Longitude)
{
    internal static LocationResponse? From(ImageMetadata metadata) =>
        metadata is { Latitude: { } latitude, Longitude: { } longitude }
            ? new LocationResponse(latitude, longitude)
            : null;
}

/// <summary>An enrolled face of the picture.</summary>
public sealed record FaceOfImageResponse(string FaceId, BoxResponse Box);
