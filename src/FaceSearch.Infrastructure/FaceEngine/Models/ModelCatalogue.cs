using System.Text.Json;
using FaceSearch.Infrastructure.Startup;

namespace FaceSearch.Infrastructure.FaceEngine.Models;

/// <summary>A file as published: its size and hash, and where it may be fetched.</summary>
/// <param name="Sha256">Hexadecimal; a file with another hash is never opened.</param>
/// <param name="Bytes">Null where its size is stated nowhere.</param>
/// <param name="Sources">https addresses, tried in order. http is allowed for this machine only.</param>
internal record ModelFile(string File, string Sha256, long? Bytes, IReadOnlyList<Uri>? Sources);

/// <param name="Compressed">The bzip2 archive it is published as, if it is.</param>
/// <param name="Npm">An npm package that carries it.</param>
/// <param name="DebianSource">A Debian source package that carries it.</param>
/// <param name="Alternatives">
/// Other entries that hold the same weights in another file, the best first: each may replace this one.
/// </param>
internal sealed record ModelEntry(
    string File,
    string Sha256,
    long? Bytes,
    IReadOnlyList<Uri>? Sources,
    string Licence,
    string Use,
    ModelFile? Compressed,
    NpmFile? Npm,
    DebianSourceFile? DebianSource,
    IReadOnlyList<string>? Alternatives)
    : ModelFile(File, Sha256, Bytes, Sources);

/// <param name="Path">Inside the package, without its top folder.</param>
internal sealed record NpmFile(string Package, string Version, long? ArchiveBytes, string Path);

/// <param name="Component">Which of the source package's archives: <c>orig-dlib-models</c>.</param>
/// <param name="Path">Inside the archive, without its top folder, whose name carries the version.</param>
internal sealed record DebianSourceFile(string Package, string Component, long? ArchiveBytes, string Path);

/// <summary>The content of <c>models.json</c>.</summary>
internal sealed class ModelCatalogue
{
    public const string FileName = "models.json";

    private readonly Dictionary<string, ModelEntry> entries;

    private ModelCatalogue(IEnumerable<ModelEntry> entries) =>
        this.entries = entries.ToDictionary(entry => entry.File, StringComparer.Ordinal);

    public IReadOnlyCollection<ModelEntry> Entries => entries.Values;

    /// <exception cref="StartException">The catalogue is missing or invalid.</exception>
    public static ModelCatalogue Load(string path)
    {
        try
        {
            using var stream = System.IO.File.OpenRead(path);
            var document = JsonSerializer.Deserialize<Document>(stream, Json);
            var catalogue = new ModelCatalogue(document?.Models ?? throw new JsonException("no models"));
            catalogue.Check();
            return catalogue;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException or ArgumentException)
        {
            throw new StartException($"The model catalogue {path} can't be read ({e.Message}): restore it, or set Models:Directory.");
        }
    }

    /// <summary>The entry of the file, then its alternatives.</summary>
    /// <exception cref="StartException">The catalogue does not know the file.</exception>
    public IReadOnlyList<ModelEntry> Get(string file) =>
        entries.TryGetValue(file, out var entry)
            ? [entry, .. (entry.Alternatives ?? []).Select(other => entries[other])]
            : throw new StartException($"The model catalogue does not know {file}: restore {FileName}.");

    private void Check()
    {
        foreach (var entry in Entries)
        {
            var sources = (entry.Sources ?? []).Concat(entry.Compressed?.Sources ?? []);
            if (sources.FirstOrDefault(source => !IsAllowed(source)) is { } insecure)
                throw new JsonException($"{entry.File}: {insecure} is not an https address");
            if (entry.Alternatives?.FirstOrDefault(other => !entries.ContainsKey(other)) is { } unknown)
                throw new JsonException($"{entry.File}: its alternative {unknown} is not listed");
        }
    }

    private static bool IsAllowed(Uri source) =>
        source is { IsAbsoluteUri: true, Scheme: "https" } or { IsAbsoluteUri: true, Scheme: "http", IsLoopback: true };

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = false,
    };

    private sealed record Document(IReadOnlyList<ModelEntry> Models);
}
