using FaceSearch.Domain.Faces;
using FaceSearch.Domain.Images;
using FaceSearch.Domain.Persons;

namespace FaceSearch.Application.Transfer;

/// <summary>What a row of an export must be like to be stored.</summary>
internal static class ExportRules
{
    private const int MaxFaces = 10_000;
    private const int MaxTags = 1_000;
    private const int MaxEmbeddingBytes = 512;

    public static bool IsSound(PersonRow row) => row.Id > 0 && row.Name.Length is > 0 and <= Person.NameMaxLength;

    public static bool IsSound(ImageRow row) =>
        row.Id > 0
        && row.FileName.Length <= Image.FileNameMaxLength
        && row.Sha256.Length == 64 && row.Sha256.All(char.IsAsciiHexDigitLower)
        && row is { Bytes: >= 0, Width: > 0, Height: > 0, Faces: > 0 and <= MaxFaces }
        && Enum.IsDefined(row.Format)
        && (row.Camera?.Length ?? 0) <= ImageMetadata.CameraMaxLength
        && double.IsFinite(row.Latitude ?? 0) && double.IsFinite(row.Longitude ?? 0);

    /// <param name="embeddingBytes">The length of those before; null for the first.</param>
    public static bool IsSound(FaceRow row, int? embeddingBytes) =>
        row.Id > 0
        && row.ExternalId is null or { Length: > 0 and <= Face.ExternalIdMaxLength }
        && row.Tags.Count <= MaxTags
        && row.Tags.All(tag => tag is { Length: > 0 and <= FaceTag.MaxLength })
        && row.Tags.Distinct(StringComparer.Ordinal).Count() == row.Tags.Count
        && row.Exclusions.All(exclusion => exclusion is not null)
        && row.Exclusions.DistinctBy(exclusion => exclusion.PersonId).Count() == row.Exclusions.Count
        && row.Box is { Width: > 0, Height: > 0 }
        && float.IsFinite(row.Score)
        && IsEmbedding(row.Embedding, embeddingBytes);

    private static bool IsEmbedding(byte[] bytes, int? expected)
    {
        if (bytes.Length is 0 or > MaxEmbeddingBytes || bytes.Length % sizeof(float) != 0 || bytes.Length != (expected ?? bytes.Length))
            return false;

        for (var i = 0; i < bytes.Length; i += sizeof(float))
        {
            if (!float.IsFinite(System.Buffers.Binary.BinaryPrimitives.ReadSingleLittleEndian(bytes.AsSpan(i))))
                return false;
        }

        return true;
    }
}
