using System.Collections.Concurrent;
using FaceSearch.Infrastructure.FaceEngine.Models.Packages;
using FaceSearch.Infrastructure.Startup;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace FaceSearch.Infrastructure.FaceEngine.Models.Store;

/// <summary>
/// Finds each model file: in its own folder, in the mirrors (used in place unless compressed), at its addresses, or in
/// a package manager of this machine. The first copy whose hash is right is used. Several processes may start at once
/// on one folder. Thread-safe.
/// </summary>
internal sealed partial class ModelStore(
    ModelFolders folders, ModelDownloader downloader, PackageFetcher packages, IOptions<ModelsOptions> options, ILogger<ModelStore> log)
{
    /// <summary>
    /// Why a file could not be fetched. It is not downloaded again in this process, only searched in the folders.
    /// </summary>
    private readonly ConcurrentDictionary<string, IReadOnlyList<string>> failures = new(StringComparer.Ordinal);

    /// <summary>The full path of every file, by its name. Missing files are fetched in parallel.</summary>
    /// <exception cref="StartException">
    /// A file is not available. The message is one line: the files, every source that was tried with its error, what to
    /// do. A later call for the same file fails at once unless the file was put into a folder.
    /// </exception>
    public async Task<IReadOnlyDictionary<string, string>> EnsureAsync(IEnumerable<string> files, CancellationToken ct)
    {
        var catalogue = folders.LoadCatalogue();
        var searches = files.Distinct(StringComparer.Ordinal).Select(file => new ModelSearch(catalogue.Get(file))).ToList();
        await FindAsync(searches, ct);
        await FetchAsync(Missing(searches), ct);
        if (Missing(searches) is { Count: > 0 } missing)
            throw NotToBeHad(missing);

        return searches.ToDictionary(search => search.File, search => search.Path!, StringComparer.Ordinal);
    }

    /// <summary>
    /// Where each file of the catalogue is now, and whether its hash is right. Nothing is fetched or written.
    /// </summary>
    /// <exception cref="StartException">The catalogue can't be read.</exception>
    public async Task<IReadOnlyList<ModelFileReport>> VerifyAsync(CancellationToken ct)
    {
        var reports = new List<ModelFileReport>();
        var catalogue = folders.LoadCatalogue();
        foreach (var entry in catalogue.Entries)
            reports.Add(await VerifyAsync(new ModelSearch(catalogue.Get(entry.File)), ct));

        return reports;
    }

    /// <summary>Whether every file is on this machine, unpacked or not. Nothing is fetched or written.</summary>
    /// <exception cref="StartException">The catalogue can't be read or does not know a file.</exception>
    public async Task<bool> HasAsync(IEnumerable<string> files, CancellationToken ct)
    {
        var catalogue = folders.LoadCatalogue();
        foreach (var file in files)
        {
            var report = await VerifyAsync(new ModelSearch(catalogue.Get(file)), ct);
            if (report.State is not (ModelFileState.Ok or ModelFileState.Packed))
                return false;
        }

        return true;
    }

    private async Task<ModelFileReport> VerifyAsync(ModelSearch search, CancellationToken ct)
    {
        var entry = search.Entries[0];
        await FindAsync([search], ct);
        if (search.Path is { } path)
            return new ModelFileReport(entry.File, ModelFileState.Ok, path, entry.Licence);
        if (folders.FindByName(entry) is { } wrong)
            return new ModelFileReport(entry.File, ModelFileState.WrongHash, wrong, entry.Licence);

        var packed = entry.Compressed is { } archive ? await folders.FindAsync(archive, search.Tried, ct) : null;
        return new ModelFileReport(
            entry.File, packed is null ? ModelFileState.Missing : ModelFileState.Packed, packed, entry.Licence);
    }

    private static List<ModelSearch> Missing(IEnumerable<ModelSearch> searches) =>
        [.. searches.Where(search => search.Path is null)];

    private async Task FindAsync(IEnumerable<ModelSearch> searches, CancellationToken ct)
    {
        foreach (var search in searches)
        {
            search.Tried.Clear();
            foreach (var entry in search.Entries)
                search.Path ??= await folders.FindAsync(entry, search.Tried, ct);
        }
    }

    private async Task FetchAsync(List<ModelSearch> missing, CancellationToken ct)
    {
        if (missing.Count == 0)
            return;

        try
        {
            using var hold = await folders.HoldAsync(ct);
            await FindAsync(missing, ct); // another process may have made them meanwhile
            foreach (var search in Missing(missing))
                await UnpackAsync(search, ct);

            await DownloadAsync(Missing(missing), ct);
        }
        catch (Exception e) when (DiskFault.IsFull(e))
        {
            throw new StartException($"The disk is full: {e.Message} Make room in {folders.Directory}, or set Models:Directory.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Missing(missing).ForEach(search => search.Tried.Add($"{folders.Directory} can't be written: {e.Message}"));
        }
    }

    private async Task UnpackAsync(ModelSearch search, CancellationToken ct)
    {
        var entry = search.Entries[0];
        if (entry.Compressed is { } archive && await folders.FindAsync(archive, search.Tried, ct) is { } path)
            search.Path = await UnpackAsync(path, entry, search.Tried, ct);
    }

    private async Task DownloadAsync(List<ModelSearch> missing, CancellationToken ct)
    {
        if (!options.Value.Download)
        {
            missing.ForEach(search => search.Tried.Add("downloads are off"));
            return;
        }

        missing.ForEach(search => search.Tried.AddRange(failures.GetValueOrDefault(search.File, [])));
        var wanted = missing.Where(search => !failures.ContainsKey(search.File)).ToList();
        var before = wanted.ToDictionary(search => search, search => search.Tried.Count);
        await Task.WhenAll(wanted.Select(search => DownloadAsync(search, ct)));
        await packages.FetchAsync(Missing(wanted), ct);
        foreach (var search in Missing(wanted))
            failures[search.File] = [.. search.Tried.Skip(before[search])];
    }

    private async Task DownloadAsync(ModelSearch search, CancellationToken ct)
    {
        foreach (var entry in search.Entries)
        {
            if (await DownloadAsync(entry, search.Tried, ct) is { } plain)
                search.Path = plain;
            else if (entry.Compressed is { } compressed && await DownloadAsync(compressed, search.Tried, ct) is { } archive)
                search.Path = await UnpackDownloadAsync(archive, entry, search.Tried, ct);

            if (search.Path is not null)
                return;
        }
    }

    private async Task<string?> DownloadAsync(ModelFile file, List<string> tried, CancellationToken ct)
    {
        foreach (var source in file.Sources ?? [])
        {
            var resumed = File.Exists(folders.PartOf(file));
            var path = await DownloadAsync(source, file, tried, ct);
            if (path is null && resumed && !File.Exists(folders.PartOf(file)))
                path = await DownloadAsync(source, file, tried, ct); // what was there was of another file

            if (path is not null)
                return path;
        }

        return null;
    }

    private async Task<string?> DownloadAsync(Uri source, ModelFile file, List<string> tried, CancellationToken ct)
    {
        try
        {
            await downloader.DownloadAsync(source, file, folders.PartOf(file), ct);
            return await folders.AcceptAsync(file, source.ToString(), tried, ct);
        }
        catch (Exception e) when (e is HttpRequestException or TimeoutException or InvalidDataException)
        {
            LogFailed(file.File, source, e.Message);
            tried.Add($"{source}: {e.Message}");
            return null;
        }
    }

    private async Task<string?> UnpackDownloadAsync(string archive, ModelEntry entry, List<string> tried, CancellationToken ct)
    {
        var path = await UnpackAsync(archive, entry, tried, ct);
        File.Delete(archive);
        return path;
    }

    private async Task<string?> UnpackAsync(string archive, ModelEntry entry, List<string> tried, CancellationToken ct)
    {
        await using (var plain = Bzip2.Unpack(File.OpenRead(archive)))
        await using (var output = File.Create(folders.PartOf(entry)))
            await Task.Run(() => plain.CopyToAsync(output, ct), ct);

        return await folders.AcceptAsync(entry, archive, tried, ct);
    }

    private StartException NotToBeHad(List<ModelSearch> missing)
    {
        var names = string.Join(", ", missing.Select(search => search.File));
        var tried = missing.SelectMany(search => search.Tried).Distinct();
        return new StartException(
            $"The model {(missing.Count == 1 ? "file" : "files")} {names} {(missing.Count == 1 ? "is" : "are")} missing "
            + $"({string.Join("; ", tried)}): "
            + $"put {(missing.Count == 1 ? "it" : "them")} into {folders.Directory}, or name a folder that has "
            + $"{(missing.Count == 1 ? "it" : "them")} in Models:Mirrors.");
    }

    [LoggerMessage(1013, LogLevel.Warning, "Model file {File}: not from {Source}: {Reason}")]
    private partial void LogFailed(string file, Uri source, string reason);
}
