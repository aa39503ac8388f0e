using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace FaceSearch.Cli.Import;

/// <summary>
/// A checkpoint file with the job of each part, so that the same command resumes an interrupted import. It holds no key
/// and no picture. It is deleted when the import is done.
/// </summary>
internal sealed class ImportJournal
{
    private readonly string file;
    private readonly Content content;

    private ImportJournal(string file, Content content, bool isResumed)
    {
        this.file = file;
        this.content = content;
        IsResumed = isResumed;
    }

    /// <summary>True when an earlier run was interrupted.</summary>
    public bool IsResumed { get; }

    /// <summary>Opens the journal of this source, server and collection, or creates it.</summary>
    /// <param name="folder">The folder of the journals.</param>
    public static ImportJournal Open(string folder, Uri server, string collection, string source)
    {
        var name = Hash($"{server.AbsoluteUri}\n{collection}\n{source}")[..32];
        var file = Path.Combine(folder, $"{name}.json");
        return Read(file) is { } content
            ? new ImportJournal(file, content, isResumed: true)
            : new ImportJournal(file, new Content(server.AbsoluteUri, collection, source, Guid.NewGuid(), []), isResumed: false);
    }

    /// <summary>
    /// <c>$XDG_STATE_HOME/facesearch/imports</c>, <c>~/.local/state/facesearch/imports</c> without it; on Windows below
    /// the local application data.
    /// </summary>
    public static string DefaultFolder(Func<string, string?> variable)
    {
        var state = variable("XDG_STATE_HOME") is { Length: > 0 } xdg
            ? xdg
            : OperatingSystem.IsWindows()
                ? Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData)
                : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".local", "state");
        return Path.Combine(state, "facesearch", "imports");
    }

    public Guid? JobOf(string partHash) => content.Parts.GetValueOrDefault(partHash)?.JobId;

    /// <summary>
    /// The idempotency key of a part: the same in every run of this import, so that a retried upload does not become
    /// two jobs. The next import has another one.
    /// </summary>
    public string KeyOf(string partHash)
    {
        var attempt = content.Parts.GetValueOrDefault(partHash)?.Attempt ?? 1;
        return $"import-{Hash($"{content.ImportId:N}\n{partHash}\n{attempt}")[..32]}";
    }

    public void Note(string partHash, Guid jobId)
    {
        content.Parts[partHash] = (content.Parts.GetValueOrDefault(partHash) ?? new Part(null, 1)) with { JobId = jobId };
        Save();
    }

    /// <summary>Discards the part's job: the part must be sent again, with another key.</summary>
    public void Forget(string partHash)
    {
        content.Parts[partHash] = new Part(null, (content.Parts.GetValueOrDefault(partHash)?.Attempt ?? 1) + 1);
        Save();
    }

    /// <summary>Writes the file atomically, readable by the user only.</summary>
    public void Save()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        var part = $"{file}.{Environment.ProcessId}.part";
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using (var stream = new FileStream(part, options))
            JsonSerializer.Serialize(stream, content, JsonSerializerOptions.Web);

        File.Move(part, file, overwrite: true);
    }

    public void Delete() => File.Delete(file);

    /// <summary>
    /// Null for a missing or damaged file: the import starts from the beginning, and duplicates are skipped.
    /// </summary>
    private static Content? Read(string file)
    {
        try
        {
            using var stream = File.OpenRead(file);
            return JsonSerializer.Deserialize<Content>(stream, JsonSerializerOptions.Web) is { Parts: not null } content
                ? content
                : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    private sealed record Content(string Server, string Collection, string Source, Guid ImportId, Dictionary<string, Part> Parts);

    private sealed record Part(Guid? JobId, int Attempt);
}
