using FaceSearch.Cli.CommandLine;
using FaceSearch.Client;

namespace FaceSearch.Cli.Search;

/// <summary>A picture on disk as the generated client sends it.</summary>
internal sealed class PictureFile(FileStream stream, string name) : IAsyncDisposable
{
    public FileParameter Parameter { get; } = new(stream, name, "application/octet-stream");

    /// <exception cref="CliException">There is no such file.</exception>
    public static PictureFile Open(FileInfo file) => file.Exists
        ? new PictureFile(file.OpenRead(), file.Name)
        : throw new CliException($"There is no file {file.FullName}.");

    public ValueTask DisposeAsync() => stream.DisposeAsync();
}
