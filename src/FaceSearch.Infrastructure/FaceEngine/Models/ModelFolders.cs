using System.Security.Cryptography;
using FaceSearch.Infrastructure.Startup;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace FaceSearch.Infrastructure.FaceEngine.Models;

/// <summary>
/// The folder of the models and its mirrors. A file gets its name only when it is complete and its hash is right; until
/// then it is a <c>.part</c>. One process at a time writes into the folder.
/// </summary>
internal sealed partial class ModelFolders(
    IHostEnvironment environment, IOptions<ModelsOptions> options, ILogger<ModelFolders> log)
{
    private const string LockFile = ".lock";

    private static readonly TimeSpan LockPause = TimeSpan.FromMilliseconds(100);

    private readonly string[] mirrors =
        [.. options.Value.Mirrors.Select(mirror => Path.GetFullPath(mirror, environment.ContentRootPath))];

    public string Directory { get; } = Path.GetFullPath(options.Value.Directory, environment.ContentRootPath);

    /// <summary>The catalogue beside the models, else the one that came with the program.</summary>
    /// <exception cref="StartException">The catalogue is missing or invalid.</exception>
    public ModelCatalogue LoadCatalogue()
    {
        var own = Path.Combine(Directory, ModelCatalogue.FileName);
        return ModelCatalogue.Load(
            File.Exists(own) ? own : Path.Combine(AppContext.BaseDirectory, "dlib-models", ModelCatalogue.FileName));
    }

    /// <returns>The first copy whose hash is right; null when there is none, with the reasons in <paramref name="tried"/>.</returns>
    public async Task<string?> FindAsync(ModelFile file, List<string> tried, CancellationToken ct)
    {
        foreach (var folder in mirrors.Prepend(Directory))
        {
            var path = Path.Combine(folder, file.File);
            if (!File.Exists(path))
                tried.Add($"{file.File} is not in {folder}");
            else if (await HasHashAsync(path, file, path, tried, ct))
                return path;
        }

        return null;
    }

    /// <summary>The first file of that name, whatever it holds; null when there is none.</summary>
    public string? FindByName(ModelFile file) =>
        mirrors.Prepend(Directory).Select(folder => Path.Combine(folder, file.File)).FirstOrDefault(File.Exists);

    /// <summary>The path of the incomplete file.</summary>
    public string PartOf(ModelFile file) => Path.Combine(Directory, $"{file.File}.part");

    /// <summary>Gives a <c>.part</c> its name if its hash is right, else deletes it.</summary>
    /// <returns>The full path; null when the hash is wrong.</returns>
    public async Task<string?> AcceptAsync(ModelFile file, string origin, List<string> tried, CancellationToken ct)
    {
        var part = PartOf(file);
        if (!await HasHashAsync(part, file, origin, tried, ct))
        {
            File.Delete(part);
            return null;
        }

        var path = Path.Combine(Directory, file.File);
        File.Move(part, path, overwrite: true);
        LogAccepted(file.File, origin);
        return path;
    }

    /// <summary>
    /// Locks the folder against writes of other processes, and of other callers of this one, until disposed.
    /// </summary>
    /// <remarks>The operating system releases the lock when the process ends or is killed. The empty file stays.</remarks>
    /// <exception cref="StartException">Other processes held the lock for longer than one download may take.</exception>
    /// <exception cref="IOException">The folder can't be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder can't be written.</exception>
    public async Task<IDisposable> HoldAsync(CancellationToken ct)
    {
        System.IO.Directory.CreateDirectory(Directory);
        var limit = options.Value.DownloadTimeout + options.Value.PackageTimeout;
        for (var waited = TimeSpan.Zero; waited <= limit; waited += LockPause)
        {
            try
            {
                return new FileStream(Path.Combine(Directory, LockFile), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException e) when (DiskFault.IsHeld(e))
            {
                if (waited == TimeSpan.Zero)
                    LogWaits(Directory);
                await Task.Delay(LockPause, ct);
            }
        }

        throw new StartException($"Another process has been fetching model files into {Directory} for {limit}: stop it, or wait until it ends.");
    }

    private async Task<bool> HasHashAsync(string path, ModelFile file, string origin, List<string> tried, CancellationToken ct)
    {
        try
        {
            await using var stream = File.OpenRead(path);
            var hash = Convert.ToHexStringLower(await SHA256.HashDataAsync(stream, ct));
            if (hash.Equals(file.Sha256, StringComparison.OrdinalIgnoreCase))
                return true;

            LogWrongHash(file.File, origin, hash, file.Sha256);
            tried.Add($"{origin} has the wrong SHA-256");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            tried.Add($"{origin} can't be read: {e.Message}");
        }

        return false;
    }

    [LoggerMessage(1002, LogLevel.Information, "Model file {File} is complete, from {Origin}")]
    private partial void LogAccepted(string file, string origin);

    [LoggerMessage(1003, LogLevel.Warning, "Model file {File} refused: {Origin} has SHA-256 {Actual} instead of {Expected}")]
    private partial void LogWrongHash(string file, string origin, string actual, string expected);

    [LoggerMessage(1010, LogLevel.Information, "Another process is fetching model files into {Directory}: waiting for it")]
    private partial void LogWaits(string directory);
}
