using System.Security.Cryptography;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using SharpCompress.Compressors;
using SharpCompress.Compressors.BZip2;

namespace FaceSearch.Infrastructure.FaceEngine.Models;

/// <summary>
/// Finds each model file: in its own folder, in the mirrors (used in place unless compressed), or on the internet.
/// What is made here appears under its name only when it is whole and its hash is right, so several processes may
/// start at once.
/// </summary>
internal sealed partial class ModelStore(
    ModelDownloader downloader, IHostEnvironment environment, IOptions<ModelsOptions> options, ILogger<ModelStore> log)
{
    private readonly string directory = FullPath(environment, options.Value.Directory);
    private readonly string[] mirrors = [.. options.Value.Mirrors.Select(mirror => FullPath(environment, mirror))];

    /// <summary>The full path of every file, by its name.</summary>
    /// <exception cref="StartException">
    /// A file can't be had. The message is one line: which file, where it was looked for and what was wrong there,
    /// what to do.
    /// </exception>
    public async Task<IReadOnlyDictionary<string, string>> EnsureAsync(IEnumerable<string> files, CancellationToken ct)
    {
        Directory.CreateDirectory(directory);
        var catalogue = ModelCatalogue.Load(CataloguePath());
        var paths = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var file in files)
            paths[file] = await EnsureAsync(catalogue.Get(file), ct);

        return paths;
    }

    /// <summary>Where each file of the catalogue is now, and whether its hash is right. Nothing is fetched or made.</summary>
    /// <exception cref="StartException">The catalogue can't be read.</exception>
    public async Task<IReadOnlyList<ModelFileReport>> VerifyAsync(CancellationToken ct)
    {
        var reports = new List<ModelFileReport>();
        foreach (var entry in ModelCatalogue.Load(CataloguePath()).Entries)
            reports.Add(await VerifyAsync(entry, ct));

        return reports;
    }

    /// <summary>Whether every file is on this machine, unpacked or not. Nothing is fetched or made.</summary>
    public async Task<bool> HasAsync(IEnumerable<string> files, CancellationToken ct)
    {
        var entries = ModelCatalogue.Load(CataloguePath()).Entries;
        foreach (var file in files)
        {
            if (entries.FirstOrDefault(entry => entry.File == file) is not { } known
                || (await VerifyAsync(known, ct)).State is not (ModelFileState.Ok or ModelFileState.Packed))
                return false;
        }

        return true;
    }

    private async Task<ModelFileReport> VerifyAsync(ModelEntry entry, CancellationToken ct)
    {
        var tried = new List<string>();
        if (await FindAsync(entry, tried, ct) is { } path)
            return new ModelFileReport(entry.File, ModelFileState.Ok, path, entry.Licence);

        var wrong = mirrors.Prepend(directory).Select(folder => Path.Combine(folder, entry.File)).FirstOrDefault(File.Exists);
        if (wrong is not null)
            return new ModelFileReport(entry.File, ModelFileState.WrongHash, wrong, entry.Licence);

        var packed = entry.Compressed is { } archive ? await FindAsync(archive, tried, ct) : null;
        return new ModelFileReport(
            entry.File, packed is null ? ModelFileState.Missing : ModelFileState.Packed, packed, entry.Licence);
    }

    /// <summary>The catalogue beside the models, else the one that came with the program.</summary>
    private string CataloguePath()
    {
        var own = Path.Combine(directory, ModelCatalogue.FileName);
        return File.Exists(own) ? own : Path.Combine(AppContext.BaseDirectory, "dlib-models", ModelCatalogue.FileName);
    }

    private async Task<string> EnsureAsync(ModelEntry entry, CancellationToken ct)
    {
        var tried = new List<string>();
        var path = await FindAsync(entry, tried, ct)
            ?? await UnpackAsync(entry, tried, ct)
            ?? await DownloadAsync(entry, tried, ct);
        return path ?? throw new StartException(
            $"The model file {entry.File} is missing ({string.Join("; ", tried)}): "
            + $"put it into {directory}, or name a folder that has it in Models:Mirrors.");
    }

    private async Task<string?> FindAsync(ModelFile file, List<string> tried, CancellationToken ct)
    {
        foreach (var folder in mirrors.Prepend(directory))
        {
            var path = Path.Combine(folder, file.File);
            if (!File.Exists(path))
                tried.Add($"not in {folder}");
            else if (await HasHashAsync(path, file, tried, ct))
                return path;
        }

        return null;
    }

    private async Task<string?> UnpackAsync(ModelEntry entry, List<string> tried, CancellationToken ct)
    {
        if (entry.Compressed is not { } archive)
            return null;

        return await FindAsync(archive, tried, ct) is { } path
            ? await MakeAsync(entry, part => Unpack(path, part, entry), path, tried, ct)
            : null;
    }

    private async Task<string?> DownloadAsync(ModelEntry entry, List<string> tried, CancellationToken ct)
    {
        if (!options.Value.Download)
        {
            tried.Add("downloads are off");
            return null;
        }

        foreach (var source in entry.Sources ?? [])
        {
            var got = await MakeAsync(
                entry, part => downloader.DownloadAsync(source, entry, part, ct), source.ToString(), tried, ct);
            if (got is not null)
                return got;
        }

        foreach (var source in entry.Compressed?.Sources ?? [])
        {
            var got = await MakeAsync(
                entry.Compressed!, part => downloader.DownloadAsync(source, entry.Compressed!, part, ct), source.ToString(), tried, ct);
            if (got is not null)
                return await MakeAsync(entry, part => Unpack(got, part, entry), got, tried, ct);
        }

        return null;
    }

    /// <summary>Has the file written under a name of its own, checks it, then gives it its name in one step.</summary>
    private async Task<string?> MakeAsync(
        ModelFile file, Func<string, Task> write, string origin, List<string> tried, CancellationToken ct)
    {
        var path = Path.Combine(directory, file.File);
        var part = $"{path}.{Guid.NewGuid():N}.part";
        try
        {
            await write(part);
            if (!await HasHashAsync(part, file, tried, ct, origin))
                return null;

            File.Move(part, path, overwrite: true);
            LogMade(file.File, origin);
            return path;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or HttpRequestException
            or TimeoutException or InvalidDataException)
        {
            tried.Add($"{origin}: {e.Message}");
            return null;
        }
        finally
        {
            File.Delete(part);
        }
    }

    private static async Task Unpack(string archive, string target, ModelFile file)
    {
        await using var input = File.OpenRead(archive);
        await using var bzip2 = BZip2Stream.Create(input, CompressionMode.Decompress, false);
        await using var output = File.Create(target);
        await bzip2.CopyToAsync(output);
    }

    private async Task<bool> HasHashAsync(
        string path, ModelFile file, List<string> tried, CancellationToken ct, string? origin = null)
    {
        await using var stream = File.OpenRead(path);
        var hash = Convert.ToHexStringLower(await SHA256.HashDataAsync(stream, ct));
        if (hash.Equals(file.Sha256, StringComparison.OrdinalIgnoreCase))
            return true;

        LogWrongHash(file.File, origin ?? path, hash, file.Sha256);
        tried.Add($"{origin ?? path} has the wrong SHA-256");
        return false;
    }

    private static string FullPath(IHostEnvironment environment, string path) =>
        Path.GetFullPath(path, environment.ContentRootPath);

    [LoggerMessage(1002, LogLevel.Information, "Model file {File} made from {Origin}")]
    private partial void LogMade(string file, string origin);

    [LoggerMessage(1003, LogLevel.Warning, "Model file {File} refused: {Origin} has SHA-256 {Actual} instead of {Expected}")]
    private partial void LogWrongHash(string file, string origin, string actual, string expected);
}
