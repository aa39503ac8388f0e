using System.Buffers.Binary;
using System.Text.Json;
using System.Text.Json.Serialization;
using FaceSearch.Domain.Faces;
using FaceSearch.Domain.Quality;

namespace FaceSearch.Application.Transfer;

/// <summary>
/// An exported collection: a zip of <c>manifest.json</c>, <c>persons.ndjson</c>, the kept pictures,
/// <c>images.ndjson</c> in the order of the pictures' first faces, <c>faces.ndjson</c> in the order of their ids, and last
/// the SHA-256 of every other entry as <c>sha256sum -c</c> reads it.
/// </summary>
internal static class TransferFormat
{
    public const string Name = "facesearch-collection";
    public const int Version = 1;

    public const string Manifest = "manifest.json";
    public const string Persons = "persons.ndjson";
    public const string Images = "images.ndjson";
    public const string Faces = "faces.ndjson";
    public const string Checksums = "checksums.sha256";
    public const string Pictures = "pictures/";

    public static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false) },
        NumberHandling = JsonNumberHandling.Strict,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    };

    public static string PictureEntry(string sha256, ImageFormat format) =>
        $"{Pictures}{sha256}.{(format == ImageFormat.Jpeg ? "jpg" : format.ToString().ToLowerInvariant())}";

    /// <summary>Little-endian 32-bit floats, on every machine.</summary>
    public static byte[] ToBytes(Embedding embedding)
    {
        var bytes = new byte[embedding.Length * sizeof(float)];
        for (var i = 0; i < embedding.Length; i++)
            BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(i * sizeof(float)), embedding.Values[i]);

        return bytes;
    }

    /// <exception cref="ArgumentException">A value is NaN or infinite, or there is none.</exception>
    public static Embedding ToEmbedding(ReadOnlySpan<byte> bytes)
    {
        var values = new float[bytes.Length / sizeof(float)];
        for (var i = 0; i < values.Length; i++)
            values[i] = BinaryPrimitives.ReadSingleLittleEndian(bytes[(i * sizeof(float))..]);

        return new Embedding(values);
    }
}

internal sealed record ManifestRow(
    string Format, int Version, string Collection, string Model, DateTime ExportedAt, long Persons, long Images, long Faces);

internal sealed record PersonRow(long Id, string Name);

/// <param name="Faces">How many faces of this picture there are.</param>
/// <param name="HasPicture">Whether the picture itself is in the export.</param>
internal sealed record ImageRow(
    long Id, string FileName, int? Version, string Sha256, long Bytes, ImageFormat Format, int Width, int Height,
    DateTime? CapturedAt, string? Camera, double? Latitude, double? Longitude, DateTime AddedAt, int Faces, bool HasPicture);

/// <param name="Embedding">Base64 of <see cref="TransferFormat.ToBytes"/>.</param>
/// <param name="Exclusions">The persons that the face is excluded from.</param>
internal sealed record FaceRow(
    long Id, long ImageId, long? PersonId, string? ExternalId, IReadOnlyList<string> Tags, BoxRow Box, float Score,
    FaceQuality? Quality, byte[] Embedding, DateTime AddedAt, IReadOnlyList<ExclusionRow> Exclusions);

internal sealed record BoxRow(int X, int Y, int Width, int Height);

internal sealed record ExclusionRow(long PersonId, DateTime CreatedAt);
