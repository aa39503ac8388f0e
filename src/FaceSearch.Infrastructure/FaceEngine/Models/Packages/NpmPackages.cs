using Microsoft.Extensions.Options;

namespace FaceSearch.Infrastructure.FaceEngine.Models.Packages;

/// <summary><c>npm pack</c>: the registry, proxy and credentials are those of the machine's npm.</summary>
internal sealed class NpmPackages(IOptions<ModelsOptions> options) : IPackageManager
{
    // Two attempts with a timeout of 30 s each; npm's default limits add up to several minutes.
    private static readonly string[] Limits =
        ["--fetch-retries=1", "--fetch-retry-mintimeout=1000", "--fetch-retry-maxtimeout=1000", "--fetch-timeout=30000"];

    public PackageFile? Find(ModelEntry entry) =>
        entry.Npm is { } npm ? new PackageFile(new PackageArchive("npm", npm.Package, npm.Version, npm.ArchiveBytes), npm.Path) : null;

    public async Task<string> DownloadAsync(PackageArchive archive, string folder, CancellationToken ct)
    {
        await Tool.RunAsync(
            options.Value.Npm,
            ["pack", $"{archive.Package}@{archive.Part}", "--ignore-scripts", "--loglevel=error", "--no-update-notifier", .. Limits],
            folder,
            ct);
        return Directory.GetFiles(folder, "*.tgz") is [var path]
            ? path
            : throw new ToolException("npm pack left no archive");
    }
}
