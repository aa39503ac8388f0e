using System.Linq.Expressions;
using FaceSearch.Domain.Faces;
using FaceSearch.Domain.Quality;

namespace FaceSearch.Application.Faces;

/// <summary>An enrolled face as it is listed.</summary>
/// <param name="PictureVersion">The number in the picture's LFW-style file name.</param>
/// <param name="Version">The version of the face: its ETag.</param>
public sealed record FaceDetails(
    long FaceId,
    long ImageId,
    long? PersonId,
    string? Person,
    string? ExternalId,
    IReadOnlyList<string> Tags,
    BoundingBox Box,
    float Score,
    FaceQuality? Quality,
    string Model,
    int? PictureVersion,
    DateTime AddedAt,
    int Version)
{
    /// <summary>Only when it was asked for.</summary>
    public Embedding? Embedding { get; init; }

    internal static readonly Expression<Func<Face, FaceDetails>> Projection = face => new FaceDetails(
        face.Id,
        face.ImageId,
        face.PersonId,
        face.Person!.Name,
        face.ExternalId,
        face.Tags.OrderBy(tag => tag.Tag).Select(tag => tag.Tag).ToArray(),
        face.Box.ClipTo(face.Image.Width, face.Image.Height),
        face.Score,
        face.Quality,
        face.Model,
        face.Image.Version,
        face.AddedAt,
        face.Version);

    /// <param name="face">With its picture, person and tags.</param>
    internal static FaceDetails Of(Face face) => new(
        face.Id,
        face.Image.Id,
        face.Person?.Id,
        face.Person?.Name,
        face.ExternalId,
        [.. face.Tags.Select(tag => tag.Tag).Order(StringComparer.Ordinal)],
        face.Box.ClipTo(face.Image.Width, face.Image.Height),
        face.Score,
        face.Quality,
        face.Model,
        face.Image.Version,
        face.AddedAt,
        face.Version);
}

/// <summary>The measured quality of a face.</summary>
/// <param name="Size">Pixels of its box's longer side.</param>
public sealed record QualityDetails(
    int Size, float Sharpness, float Brightness, float Yaw, float Pitch, float Roll)
{
    /// <summary>Null for a face that was enrolled before quality was measured.</summary>
    public static QualityDetails? Of(BoundingBox box, FaceQuality? quality) => quality is null
        ? null
        : new QualityDetails(
            box.LongerSide,
            quality.Sharpness,
            quality.Brightness,
            quality.Yaw,
            quality.Pitch,
            quality.Roll);
}
