using System.IO.Hashing;
using System.Security.Cryptography;
using System.Text;

namespace FaceSearch.Cli.Import;

/// <summary>The content of one job: a whole zip file, or some pictures of a folder.</summary>
internal abstract class ImportPart
{
    protected const int BufferSize = 1 << 17;

    /// <summary>Bytes to send; an estimate for the progress bar until the part has been read.</summary>
    public abstract long Size { get; }

    /// <summary>The number of pictures; null when only the server knows it.</summary>
    public abstract int? Pictures { get; }

    public abstract string FileName { get; }

    /// <summary>
    /// Reads the whole part and returns the SHA-256 of names and contents, in lower-case hexadecimal. A resumed import
    /// finds its job by it.
    /// </summary>
    public abstract Task<string> ReadAsync(CancellationToken ct);

    /// <summary>The archive to send; the part has been read before.</summary>
    public abstract Stream Open();
}

internal sealed class ZipPart(string path) : ImportPart
{
    public override long Size { get; } = new FileInfo(path).Length;

    public override int? Pictures => null;

    public override string FileName => Path.GetFileName(path);

    public override async Task<string> ReadAsync(CancellationToken ct)
    {
        await using var file = File.OpenRead(path);
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(file, ct));
    }

    public override Stream Open() => File.OpenRead(path);
}

/// <param name="unreadable">Called for files that can't be read; they are left out.</param>
internal sealed class FolderPart(IReadOnlyList<PictureEntry> pictures, int number, Action<string> unreadable) : ImportPart
{
    private readonly List<StoredFile> files = [];

    public override long Size { get; } = pictures.Sum(picture => picture.Length);

    public override int? Pictures => pictures.Count;

    public override string FileName => $"part-{number}.zip";

    public override async Task<string> ReadAsync(CancellationToken ct)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[BufferSize];
        files.Clear();
        foreach (var picture in pictures)
        {
            if (await TryReadAsync(picture, buffer, ct) is not var (length, crc, contentHash))
                continue;

            files.Add(new StoredFile(picture.Name, picture.Path, length, crc));
            hash.AppendData(Encoding.UTF8.GetBytes($"{picture.Name}\0{length}\0"));
            hash.AppendData(contentHash);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    public override Stream Open() => new StoredZip(files);

    private async Task<(uint Length, uint Crc, byte[] Hash)?> TryReadAsync(
        PictureEntry picture, byte[] buffer, CancellationToken ct)
    {
        try
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            var crc = new Crc32();
            await using var file = File.OpenRead(picture.Path);
            uint length = 0;
            for (int read; (read = await file.ReadAsync(buffer, ct)) > 0; length += (uint)read)
            {
                hash.AppendData(buffer, 0, read);
                crc.Append(buffer.AsSpan(0, read));
            }

            return (length, crc.GetCurrentHashAsUInt32(), hash.GetHashAndReset());
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            unreadable($"{picture.Name} can't be read and is left out: {exception.Message}");
            return null;
        }
    }
}
