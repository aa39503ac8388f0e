using FaceSearch.Api.Contracts;
using FaceSearch.Application.Abstractions;
using FaceSearch.Application.Faces;
using FaceSearch.Domain.Faces;

namespace FaceSearch.Api.Faces;

/// <summary>The answer of the unversioned route: all stored data about an enrolled picture.</summary>
/// <param name="Version">The number in the LFW-style file name.</param>
/// <param name="Sha256">SHA-256 of the uploaded bytes, lower-case hexadecimal.</param>
/// <param name="Width">Pixels of the upright picture.</param>
/// <param name="Height">Pixels of the upright picture.</param>
/// <param name="CapturedAt">EXIF capture time; taken as UTC where EXIF gives no offset.</param>
public sealed record FaceInfoResponse(
    string ImageId,
    string FileName,
    string? Person,
    int? Version,
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
    internal static FaceInfoResponse From(FaceInfo info) => new(
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
