using System.Linq.Expressions;
using FaceSearch.Application.Results;
using FaceSearch.Domain.Faces;
using FaceSearch.Domain.Quality;

namespace FaceSearch.Application.Faces;

/// <summary>An enrolled face as it is listed.</summary>
/// <param name="PictureVersion">The number in the picture's LFW-style file name.</param>
/// <param name="Version">Grows with every change of the face's own row.</param>
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

    /// <summary>Changes whenever another field changes.</summary>
    public string Tag => TagOf(Version, PersonId, Person, PictureVersion, Model);

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
        face.Collection.Model,
        face.Image.Version,
        face.AddedAt,
        face.Version);

    /// <param name="face">With its picture, person and tags.</param>
    /// <param name="model">Its collection's.</param>
    internal static FaceDetails Of(Face face, string model) => new(
        face.Id,
        face.Image.Id,
        face.Person?.Id,
        face.Person?.Name,
        face.ExternalId,
        [.. face.Tags.Select(tag => tag.Tag).Order(StringComparer.Ordinal)],
        face.Box.ClipTo(face.Image.Width, face.Image.Height),
        face.Score,
        face.Quality,
        model,
        face.Image.Version,
        face.AddedAt,
        face.Version);

    /// <param name="face">With its picture, person and collection.</param>
    /// <param name="version">An earlier version of the face, when only that has changed.</param>
    internal static string TagOf(Face face, int version) =>
        TagOf(version, face.PersonId, face.Person?.Name, face.Image.Version, face.Collection.Model);

    private static string TagOf(int version, long? personId, string? person, int? pictureVersion, string model) =>
        ResourceTag.Of(version, personId, person, pictureVersion, model);
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
