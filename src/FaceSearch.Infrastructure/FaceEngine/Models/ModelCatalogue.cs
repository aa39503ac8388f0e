using System.Text.Json;

namespace FaceSearch.Infrastructure.FaceEngine.Models;

/// <summary>A file as published: what it must be, and where it may be fetched.</summary>
/// <param name="Sha256">Hexadecimal; a file with another hash is never opened.</param>
/// <param name="Bytes">Null where nobody has stated it.</param>
/// <param name="Sources">https addresses, tried in order.</param>
internal record ModelFile(string File, string Sha256, long? Bytes, IReadOnlyList<Uri>? Sources);

/// <param name="Compressed">The bzip2 archive it is published as, if it is.</param>
internal sealed record ModelEntry(
    string File, string Sha256, long? Bytes, IReadOnlyList<Uri>? Sources, string Licence, string Use, ModelFile? Compressed)
    : ModelFile(File, Sha256, Bytes, Sources);

/// <summary>What <c>models.json</c> says.</summary>
internal sealed class ModelCatalogue
{
    public const string FileName = "models.json";

    private readonly Dictionary<string, ModelEntry> entries;

    private ModelCatalogue(IEnumerable<ModelEntry> entries) =>
        this.entries = entries.ToDictionary(entry => entry.File, StringComparer.Ordinal);

    public IReadOnlyCollection<ModelEntry> Entries => entries.Values;

    /// <exception cref="StartException">The catalogue is missing or is not what it should be.</exception>
    public static ModelCatalogue Load(string path)
    {
        try
        {
            using var stream = System.IO.File.OpenRead(path);
            var document = JsonSerializer.Deserialize<Document>(stream, Json);
            return new ModelCatalogue(document?.Models ?? throw new JsonException("no models"));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException or ArgumentException)
        {
            throw new StartException($"The model catalogue {path} can't be read ({e.Message}): restore it, or set Models:Directory.");
        }
    }

    /// <exception cref="StartException">The catalogue does not know the file.</exception>
    public ModelEntry Get(string file) =>
        entries.GetValueOrDefault(file)
        ?? throw new StartException($"The model catalogue does not know {file}: restore {FileName}.");

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = false,
    };

    private sealed record Document(IReadOnlyList<ModelEntry> Models);
}
