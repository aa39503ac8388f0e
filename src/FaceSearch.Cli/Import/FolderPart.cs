using System.IO.Compression;

namespace FaceSearch.Cli.Import;

/// <summary>
/// Some pictures of a folder, copied uncompressed into a temporary zip. The same pictures give the same bytes.
/// </summary>
/// <param name="unreadable">Called for files that can't be read; they are left out.</param>
internal sealed class FolderPart(IReadOnlyList<PictureEntry> pictures, int number, Action<string> unreadable) : ImportPart
{
    public override long Size { get; } = pictures.Sum(picture => picture.Length);

    public override int? Pictures => pictures.Count;

    public override string FileName => $"part-{number}.zip";

    /// <remarks>
    /// The system deletes the file when the stream or the process ends: it has no name after it was opened, or on Windows
    /// it is deleted on close.
    /// </remarks>
    public override async Task<FileStream> OpenAsync(CancellationToken ct)
    {
        var path = Path.Combine(Path.GetTempPath(), $"facesearch-{Guid.NewGuid():N}.zip");
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, Options = FileOptions.DeleteOnClose,
        };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        var archive = new FileStream(path, options);
        try
        {
            if (!OperatingSystem.IsWindows())
                File.Delete(path);
            await WriteAsync(archive, ct);
            archive.Position = 0;
            return archive;
        }
        catch
        {
            await archive.DisposeAsync();
            throw;
        }
    }

    private async Task WriteAsync(FileStream archive, CancellationToken ct)
    {
        await using var zip = await ZipArchive.CreateAsync(archive, ZipArchiveMode.Create, leaveOpen: true, entryNameEncoding: null, ct);
        using var content = new MemoryStream();
        foreach (var picture in pictures)
        {
            content.SetLength(0);
            if (!await TryReadAsync(picture, content, ct))
                continue;

            var entry = zip.CreateEntry(picture.Name, CompressionLevel.NoCompression);
            entry.LastWriteTime = new DateTimeOffset(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);
            await using var target = await entry.OpenAsync(ct);
            content.WriteTo(target);
        }
    }

    private async Task<bool> TryReadAsync(PictureEntry picture, MemoryStream content, CancellationToken ct)
    {
        try
        {
            await using var file = File.OpenRead(picture.Path);
            await file.CopyToAsync(content, ct);
            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            unreadable($"{picture.Name} can't be read and is left out: {exception.Message}");
            return false;
        }
    }
}
