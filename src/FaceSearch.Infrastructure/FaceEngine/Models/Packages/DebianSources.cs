using Microsoft.Extensions.Options;

namespace FaceSearch.Infrastructure.FaceEngine.Models.Packages;

/// <summary>
/// <c>apt-get source</c> from the machine's own sources, with lists, cache and state of its own: no root, nothing of
/// the system is changed.
/// </summary>
internal sealed class DebianSources(IOptions<ModelsOptions> options) : IPackageManager
{
    private string AptConfig => Path.Combine(Path.GetDirectoryName(options.Value.AptGet) ?? "", "apt-config");

    public PackageFile? Find(ModelEntry entry) =>
        entry.DebianSource is { } source
            ? new PackageFile(
                new PackageArchive("Debian source", source.Package, source.Component, source.ArchiveBytes), source.Path)
            : null;

    public async Task<string> DownloadAsync(PackageArchive archive, string folder, CancellationToken ct)
    {
        var locations = await Tool.RunAsync(
            AptConfig, ["shell", "LIST", "Dir::Etc::sourcelist/f", "PARTS", "Dir::Etc::sourceparts/d"], folder, ct);
        var settings = await Tool.RunAsync(AptConfig, ["dump"], folder, ct);
        var config = ("APT_CONFIG", PrivateApt.Create(folder, locations, settings));

        // One source without source packages, or one that is unreachable, makes update fail although others may succeed.
        var update = await TryAsync(() => Tool.RunAsync(options.Value.AptGet, ["-q", "update"], folder, ct, config));
        var source = await TryAsync(() => Tool.RunAsync(
            options.Value.AptGet, ["-q", "source", "--download-only", archive.Package], folder, ct, config));
        if (source is not null)
            throw new ToolException(update is null ? source.Message : $"{source.Message}; before it {update.Message}");

        return Directory.GetFiles(folder, $"{archive.Package}_*.{archive.Part}.tar.*").FirstOrDefault()
            ?? throw new ToolException($"the source package of this distribution has no archive {archive.Part}");
    }

    private static async Task<ToolException?> TryAsync(Func<Task> run)
    {
        try
        {
            await run();
            return null;
        }
        catch (ToolException e)
        {
            return e;
        }
    }
}
