namespace FaceSearch.Infrastructure.FaceEngine.Models.Packages;

/// <summary>
/// A package manager of this machine, with the machine's configuration. It fetches one archive that holds several model
/// files.
/// </summary>
internal interface IPackageManager
{
    /// <summary>Null when the catalogue names none of its packages for the file.</summary>
    PackageFile? Find(ModelEntry entry);

    /// <param name="folder">An empty folder for whatever it needs; the caller deletes it.</param>
    /// <returns>The full path of the archive: a tar file packed with gzip or bzip2, as its name ends.</returns>
    /// <exception cref="ToolException">The package is not available; the message is the reason.</exception>
    Task<string> DownloadAsync(PackageArchive archive, string folder, CancellationToken ct);
}

/// <param name="Manager">For logs: <c>npm</c>.</param>
/// <param name="Package">The package's name.</param>
/// <param name="Part">Which of the package's archives: its version, or a component of it.</param>
/// <param name="Bytes">For the display of progress; null where it is not stated.</param>
internal sealed record PackageArchive(string Manager, string Package, string Part, long? Bytes)
{
    public override string ToString() => $"{Manager} package {Package} {Part}";
}

/// <param name="Path">Inside the archive, without its top folder.</param>
internal sealed record PackageFile(PackageArchive Archive, string Path);
