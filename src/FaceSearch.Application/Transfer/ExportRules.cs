using System.Buffers.Binary;
using System.Globalization;
using FaceSearch.Application.Abstractions;
using FaceSearch.Domain.Faces;
using FaceSearch.Domain.Persons;

namespace FaceSearch.Application.Transfer;

/// <summary>Validates the rows of an export.</summary>
internal static class ExportRules
{
    private const int MaxFaces = 10_000;
    private const int MaxTags = 1_000;
    private const int EmbeddingBytes = Embedding.StandardLength * sizeof(float);

    public static bool IsSound(PersonRow row) => row.Id > 0 && row.Name.Length is > 0 and <= Person.NameMaxLength;

    public static bool IsSound(ImageRow row) =>
        row.Id > 0
        && row.FileName.Length <= Image.FileNameMaxLength
        && row.Sha256.Length == 64 && row.Sha256.All(char.IsAsciiHexDigitLower)
        && row is { Bytes: >= 0, Width: > 0, Height: > 0, Faces: > 0 and <= MaxFaces }
        && Enum.IsDefined(row.Format)
        && (row.Camera?.Length ?? 0) <= ImageMetadata.CameraMaxLength
        && double.IsFinite(row.Latitude ?? 0) && double.IsFinite(row.Longitude ?? 0);

    public static bool IsSound(FaceRow row) =>
        row.Id > 0
        && row.ExternalId is null or { Length: > 0 and <= Face.ExternalIdMaxLength }
        && row.Tags.Count <= MaxTags
        && row.Tags.All(tag => tag is { Length: > 0 and <= FaceTag.MaxLength })
        && row.Tags.Distinct(StringComparer.Ordinal).Count() == row.Tags.Count
        && row.Exclusions.All(exclusion => exclusion is not null)
        && row.Exclusions.DistinctBy(exclusion => exclusion.PersonId).Count() == row.Exclusions.Count
        && row.Box is { Width: > 0, Height: > 0 }
        && float.IsFinite(row.Score);

    /// <summary>What is wrong with the embedding of a face; null if it is valid.</summary>
    public static string? FindEmbeddingFault(FaceRow row)
    {
        var bytes = row.Embedding;
        if (bytes.Length != EmbeddingBytes)
            return $"has a face, id {row.Id}, whose embedding has {bytes.Length} bytes and not {EmbeddingBytes}: {Embedding.StandardLength} floats";

        for (var i = 0; i < bytes.Length; i += sizeof(float))
        {
            if (!float.IsFinite(BinaryPrimitives.ReadSingleLittleEndian(bytes.AsSpan(i))))
                return $"has a face, id {row.Id}, whose embedding has a value that is not finite";
        }

        return null;
    }

    /// <summary>As <see cref="FindEmbeddingFault"/>, for an embedding of the right length.</summary>
    public static string? FindNormFault(FaceRow row, FaceModelTraits traits)
    {
        var values = new float[Embedding.StandardLength];
        for (var i = 0; i < values.Length; i++)
            values[i] = BinaryPrimitives.ReadSingleLittleEndian(row.Embedding.AsSpan(i * sizeof(float)));

        return traits.FindWrongNorm(values) is { } norm
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"has a face, id {row.Id}, whose embedding has the norm {norm:0.####} and not {traits.EmbeddingNorm}")
            : null;
    }
}
