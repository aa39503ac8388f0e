using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace FaceSearch.Application.Transfer;

/// <summary>
/// Writes a zip to a client, entry by entry, with a checksum of each. The checksums are kept in a temporary file, as
/// there is one for every picture.
/// </summary>
internal sealed class ExportZip : IAsyncDisposable
{
    private readonly ZipArchive zip;
    private readonly DeferredWrites body;
    private readonly FileStream checksums;

    private ExportZip(ZipArchive zip, DeferredWrites body, FileStream checksums) =>
        (this.zip, this.body, this.checksums) = (zip, body, checksums);

    /// <param name="temporaryFile">Deleted when this is disposed of, or when the process ends.</param>
    public static async Task<ExportZip> CreateAsync(Stream stream, string temporaryFile, CancellationToken ct)
    {
        var checksums = new FileStream(
            temporaryFile, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 1 << 14, FileOptions.DeleteOnClose);
        var body = new DeferredWrites(stream);
        var zip = await ZipArchive.CreateAsync(body, ZipArchiveMode.Create, leaveOpen: true, entryNameEncoding: null, ct);
        return new ExportZip(zip, body, checksums);
    }

    public async Task AddAsync(string name, ReadOnlyMemory<byte> content, CompressionLevel level, CancellationToken ct)
    {
        await using (var stream = await zip.CreateEntry(name, level).OpenAsync(ct))
            await stream.WriteAsync(content, ct);

        await NoteAsync(name, SHA256.HashData(content.Span), ct);
    }

    /// <summary>A line of JSON for each row.</summary>
    public async Task AddRowsAsync<T>(string name, IAsyncEnumerable<T> rows, CancellationToken ct)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await using (var stream = await zip.CreateEntry(name, CompressionLevel.Fastest).OpenAsync(ct))
        {
            using var lines = new MemoryStream();
            await foreach (var row in rows.WithCancellation(ct))
            {
                lines.SetLength(0);
                JsonSerializer.Serialize(lines, row, TransferFormat.Json);
                lines.WriteByte((byte)'\n');
                var line = lines.GetBuffer().AsMemory(0, (int)lines.Length);
                hash.AppendData(line.Span);
                await stream.WriteAsync(line, ct);
                await body.FlushAsync(ct);
            }
        }

        await NoteAsync(name, hash.GetHashAndReset(), ct);
    }

    /// <summary>Adds the checksums: an export without them is not complete.</summary>
    public async Task FinishAsync(CancellationToken ct)
    {
        checksums.Position = 0;
        await using var stream = await zip.CreateEntry(TransferFormat.Checksums, CompressionLevel.Fastest).OpenAsync(ct);
        await checksums.CopyToAsync(stream, ct);
    }

    public async ValueTask DisposeAsync()
    {
        await checksums.DisposeAsync();
        await zip.DisposeAsync();
        await body.FlushAsync(CancellationToken.None);
        await body.DisposeAsync();
    }

    private ValueTask NoteAsync(string name, byte[] hash, CancellationToken ct) =>
        checksums.WriteAsync(Encoding.UTF8.GetBytes($"{Convert.ToHexStringLower(hash)}  {name}\n"), ct);
}
