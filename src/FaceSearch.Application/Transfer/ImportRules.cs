using FaceSearch.Application.Enrolment;
using FaceSearch.Application.Faces;
using FaceSearch.Domain.Faces;
using FaceSearch.Domain.Persons;
using FaceSearch.Domain.Texts;

namespace FaceSearch.Application.Transfer;

/// <summary>
/// The rules of fields for the rows of an export: those of every other way in. A picture with a row that breaks one is
/// set aside, and the others are imported. <see cref="ExportRules"/> has the rules that a whole export must keep.
/// </summary>
internal static class ImportRules
{
    public const string InvalidText = "invalid-text";
    public const string InvalidBox = "invalid-box";
    public const string WrongChecksum = "wrong-checksum";

    /// <summary>The stored form of a person's name; null when it is not a name.</summary>
    public static string? NameOf(PersonRow row) =>
        FieldText.Normalize(row.Name) is var name && FieldText.IsValid(name, Person.NameMaxLength) ? name : null;

    /// <summary>The row with its texts in their stored form.</summary>
    public static FaceRow Normalize(FaceRow row) => row with
    {
        ExternalId = FieldText.Normalize(row.ExternalId),
        Tags = [.. row.Tags.Select(tag => FieldText.Normalize(tag)).Distinct(StringComparer.Ordinal)],
    };

    /// <param name="faces">All faces of the picture, normalized.</param>
    /// <param name="picture">Null when the export has no bytes of it.</param>
    /// <param name="isPerson">Whether a person of the export has a valid name.</param>
    /// <returns>The reason to set the picture aside; null when it is valid.</returns>
    public static string? FindFault(
        ImageRow image, IEnumerable<FaceRow> faces, byte[]? picture, Func<long, bool> isPerson)
    {
        foreach (var face in faces)
        {
            if (face.PersonId is { } person && !isPerson(person)
                || face.ExternalId is { } externalId && !FieldText.IsValid(externalId, Face.ExternalIdMaxLength)
                || !FaceFields.AreTags(face.Tags))
                return InvalidText;
            if (!ToBox(face.Box).IsIn(image.Width, image.Height))
                return InvalidBox;
        }

        if (picture is null)
            return null;
        if (NewImage.HashOf(picture) != image.Sha256)
            return WrongChecksum;

        return PictureSignature.Find(picture) == image.Format ? null : "not-a-picture";
    }

    public static BoundingBox ToBox(BoxRow row) => new(row.X, row.Y, row.Width, row.Height);

    /// <summary>A position out of range is left out, as it is when a picture is read.</summary>
    public static ImageMetadata ToMetadata(ImageRow row)
    {
        var isPlace = row is { Latitude: >= -90 and <= 90, Longitude: >= -180 and <= 180 };
        var camera = row.Camera is null ? null : FieldText.Clean(row.Camera);
        return new ImageMetadata(
            row.CapturedAt,
            FieldText.IsValid(camera, ImageMetadata.CameraMaxLength) ? camera : null,
            isPlace ? row.Latitude : null,
            isPlace ? row.Longitude : null);
    }
}
