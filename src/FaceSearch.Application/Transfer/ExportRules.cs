using System.Buffers.Binary;
using System.Globalization;
using FaceSearch.Application.Abstractions;
using FaceSearch.Domain.Faces;

namespace FaceSearch.Application.Transfer;

/// <summary>Validates the rows of an export: an export that breaks one of these rules is damaged.</summary>
internal static class ExportRules
{
    private const int MaxFaces = 10_000;
    private const int EmbeddingBytes = Embedding.StandardLength * sizeof(float);

    public static bool IsSound(PersonRow row) => row.Id > 0;

    public static bool IsSound(ImageRow row) =>
        row.Id > 0
        && row.Sha256.Length == 64 && row.Sha256.All(char.IsAsciiHexDigitLower)
        && row is { Bytes: >= 0, Width: > 0, Height: > 0, Faces: > 0 and <= MaxFaces }
        && Enum.IsDefined(row.Format)
        && double.IsFinite(row.Latitude ?? 0) && double.IsFinite(row.Longitude ?? 0);

    public static bool IsSound(FaceRow row) =>
        row.Id > 0
        && row.Tags.All(tag => tag is not null)
        && row.Exclusions.All(exclusion => exclusion is not null)
        && row.Exclusions.DistinctBy(exclusion => exclusion.PersonId).Count() == row.Exclusions.Count
        && IsFinite(row.Score)
        && (row.Quality is not { } quality
            || IsFinite(quality.Sharpness, quality.Brightness, quality.Yaw, quality.Pitch, quality.Roll));

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

    private static bool IsFinite(params ReadOnlySpan<float> values)
    {
        foreach (var value in values)
        {
            if (!float.IsFinite(value))
                return false;
        }

        return true;
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
