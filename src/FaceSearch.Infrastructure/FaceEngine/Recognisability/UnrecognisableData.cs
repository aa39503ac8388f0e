using System.Runtime.InteropServices;
using System.Text.Json;
using FaceSearch.Domain.Faces;
using FaceSearch.Domain.Recognisability;
using FaceSearch.Infrastructure.Startup;

namespace FaceSearch.Infrastructure.FaceEngine.Recognisability;

/// <summary>
/// Where a model's unrecognisable faces lie, as <c>bench/quality.sh --centroid</c> writes it into this folder. The file
/// has the model's name: another network, projection or alignment needs its own.
/// </summary>
/// <param name="Bound">Euclidean distance from the nearest centre; nearer faces are unrecognisable.</param>
/// <param name="Centres">The coordinates of each as little-endian single floats; base64 in the file.</param>
/// <param name="Origin">What the centres and the bound were computed from.</param>
internal sealed record UnrecognisableData(float Bound, IReadOnlyList<byte[]> Centres, JsonElement Origin)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        RespectRequiredConstructorParameters = true,
        RespectNullableAnnotations = true,
    };

    public static string FileOf(string model) => $"{model}-unrecognisable.json";

    /// <summary>The data that is built into this assembly; null for a model that was not measured.</summary>
    /// <exception cref="StartException">The data can't be used.</exception>
    public static UnrecognisableFaces? Find(string model)
    {
        var file = FileOf(model);
        using var stream = typeof(UnrecognisableData).Assembly.GetManifestResourceStream(file);
        if (stream is null)
            return null;

        var json = new byte[stream.Length];
        stream.ReadExactly(json);
        return Read(file, json);
    }

    /// <param name="file">The file's name, for the error.</param>
    /// <exception cref="StartException">The file is not in its format.</exception>
    public static UnrecognisableFaces Read(string file, ReadOnlySpan<byte> json)
    {
        try
        {
            var data = JsonSerializer.Deserialize<UnrecognisableData>(json, Json) ?? throw new JsonException("It is empty.");
            return new UnrecognisableFaces([.. data.Centres.Select(ReadCentre)], data.Bound);
        }
        catch (Exception e) when (e is JsonException or ArgumentException)
        {
            throw new StartException($"The built-in file {file} is damaged: {e.Message} Install this version again.");
        }
    }

    // The serializer lets null into lists.
    private static Embedding ReadCentre(byte[]? bytes) => bytes is { Length: Embedding.StandardLength * sizeof(float) }
        ? new Embedding(MemoryMarshal.Cast<byte, float>(bytes))
        : throw new JsonException($"A centre has {bytes?.Length ?? 0} bytes, not {Embedding.StandardLength * sizeof(float)}.");
}
