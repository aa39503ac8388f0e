using System.Diagnostics.CodeAnalysis;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using FaceSearch.Application.Enrolment;
using FaceSearch.Application.Jobs;
using FaceSearch.Application.Results;

namespace FaceSearch.Application.Transfer;

/// <summary>A received export. Its entries are checked against its directory and checksums before they are read.</summary>
internal sealed class ExportFile : IDisposable
{
    private const int MaxLine = 1 << 20;
    private const int HashLength = 64;
    private const string HashEnd = "  ";

    private readonly ZipArchive zip;
    private readonly Dictionary<string, ZipArchiveEntry> entries = new(StringComparer.Ordinal);

    private ExportFile(ZipArchive zip) => this.zip = zip;

    /// <returns>
    /// Errors: <c>not-an-archive</c>, <c>too-many-entries</c>, <c>archive-too-large</c>, <c>damaged-export</c>.
    /// </returns>
    [SuppressMessage("Reliability", "CA2000", Justification = "Disposed of with the file, or where it is refused.")]
    public static Result<ExportFile> Open(string path, EnrolmentOptions limits)
    {
        if (ZipDirectory.FindFault(path, limits.MaxArchiveEntries) is { } unreadable)
            return unreadable;
        if (OpenZip(path) is not { } zip)
            return JobErrors.NotAnArchive;

        var file = new ExportFile(zip);

        if (file.FindFault(new FileInfo(path).Length, limits) is not { } fault)
            return file;

        file.Dispose();
        return fault;
    }

    /// <exception cref="DamagedExportException">It is missing, invalid, or of another format version.</exception>
    public ManifestRow ReadManifest()
    {
        var manifest = Parse<ManifestRow>(TransferFormat.Manifest, Read(TransferFormat.Manifest, MaxLine));
        return manifest.Format == TransferFormat.Name && manifest.Version == TransferFormat.Version
            ? manifest
            : throw new DamagedExportException(TransferFormat.Manifest, "has a format version that this server does not read");
    }

    /// <summary>Reads everything once and compares it with the checksums.</summary>
    /// <param name="onPart">Called for each part that was read.</param>
    /// <exception cref="DamagedExportException">An entry is missing, unexpected, or does not match its checksum.</exception>
    public void Verify(Action onPart, CancellationToken ct)
    {
        var listed = new HashSet<string>(StringComparer.Ordinal);
        foreach (var line in Lines(TransferFormat.Checksums))
        {
            ct.ThrowIfCancellationRequested();
            var text = Encoding.UTF8.GetString(line);
            if (text.Length < HashLength + HashEnd.Length + 1 || text.Substring(HashLength, HashEnd.Length) != HashEnd)
                throw new DamagedExportException(TransferFormat.Checksums, "has a line that is not a checksum");

            var name = text[(HashLength + HashEnd.Length)..];
            if (!entries.TryGetValue(name, out var entry) || !listed.Add(name))
                throw new DamagedExportException(name, "is missing, or listed twice");

            Verify(entry, text[..HashLength], onPart, ct);
        }

        if (entries.Keys.FirstOrDefault(name => name != TransferFormat.Checksums && !listed.Contains(name)) is { } unlisted)
            throw new DamagedExportException(unlisted, "has no checksum");
    }

    public bool Has(string name) => entries.ContainsKey(name);

    public long LengthOf(string name) => entries[name].Length;

    /// <summary>The objects of an entry, one per line.</summary>
    public IEnumerable<T> Rows<T>(string name) => Lines(name).Select(line => Parse<T>(name, line));

    /// <exception cref="DamagedExportException">The entry does not match the directory, or exceeds a limit.</exception>
    public byte[] Read(string name, long limit)
    {
        if (!entries.TryGetValue(name, out var entry))
            throw new DamagedExportException(name, "is missing");
        if (entry.Length > limit)
            throw new DamagedExportException(name, $"is larger than {limit} bytes");

        var bytes = new byte[entry.Length];
        var read = 0;
        foreach (var part in Parts(entry))
        {
            part.Span.CopyTo(bytes.AsSpan(read));
            read += part.Length;
        }

        return bytes;
    }

    public void Dispose() => zip.Dispose();

    /// <summary>Opens the zip and reads its directory. Null when the file is not a zip.</summary>
    private static ZipArchive? OpenZip(string path)
    {
        ZipArchive? zip = null;
        try
        {
            zip = ZipFile.OpenRead(path);
            _ = zip.Entries;
            return zip;
        }
        catch (InvalidDataException)
        {
            zip?.Dispose();
            return null;
        }
    }

    private Error? FindFault(long fileBytes, EnrolmentOptions limits)
    {
        var unpacked = 0.0;
        foreach (var entry in zip.Entries)
        {
            unpacked += entry.Length;
            if (!entries.TryAdd(entry.FullName, entry))
                return TransferErrors.Damaged(entry.FullName, "is there twice");
        }

        string[] required =
            [TransferFormat.Manifest, TransferFormat.Persons, TransferFormat.Images, TransferFormat.Faces, TransferFormat.Checksums];
        if (required.FirstOrDefault(name => !entries.ContainsKey(name)) is { } missing)
            return TransferErrors.Damaged(missing, "is missing");

        // The lengths are those that the directory states. Reading an entry fails when it has another length.
        return unpacked > Math.Min(limits.MaxUnpackedBytes, (double)fileBytes * limits.MaxUnpackedRatio)
            ? JobErrors.UnpackedTooLarge($"{limits.MaxUnpackedBytes} bytes, or {limits.MaxUnpackedRatio} times its size")
            : null;
    }

    private static void Verify(ZipArchiveEntry entry, string expected, Action onPart, CancellationToken ct)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var part in Parts(entry))
        {
            ct.ThrowIfCancellationRequested();
            hash.AppendData(part.Span);
            onPart();
        }

        if (Convert.ToHexStringLower(hash.GetHashAndReset()) != expected)
            throw new DamagedExportException(entry.FullName, "does not match its checksum");
    }

    private IEnumerable<byte[]> Lines(string name)
    {
        using var line = new MemoryStream();
        foreach (var part in Parts(entries[name]))
        {
            var rest = part;
            while (rest.Span.IndexOf((byte)'\n') is var end and >= 0)
            {
                line.Write(rest.Span[..end]);
                yield return line.ToArray();
                line.SetLength(0);
                rest = rest[(end + 1)..];
            }

            line.Write(rest.Span);
            if (line.Length > MaxLine)
                throw new DamagedExportException(name, $"has a line of more than {MaxLine} bytes");
        }

        if (line.Length > 0)
            throw new DamagedExportException(name, "does not end with a line's end");
    }

    /// <summary>The bytes of an entry; each part is valid until the next is read.</summary>
    private static IEnumerable<ReadOnlyMemory<byte>> Parts(ZipArchiveEntry entry)
    {
        var buffer = new byte[1 << 16];
        using var stream = OpenEntry(entry);
        var total = 0L;
        int read;
        while ((read = Read(entry, stream, buffer)) > 0)
        {
            total += read;
            if (total > entry.Length)
                throw new DamagedExportException(entry.FullName, "is longer than the directory says");

            yield return buffer.AsMemory(0, read);
        }

        if (total != entry.Length)
            throw new DamagedExportException(entry.FullName, "is shorter than the directory says");
    }

    private static Stream OpenEntry(ZipArchiveEntry entry)
    {
        try
        {
            return entry.Open();
        }
        catch (Exception exception) when (exception is InvalidDataException or NotSupportedException or EndOfStreamException)
        {
            throw new DamagedExportException(entry.FullName, "can't be unpacked");
        }
    }

    private static int Read(ZipArchiveEntry entry, Stream stream, byte[] buffer)
    {
        try
        {
            return stream.Read(buffer);
        }
        catch (Exception exception) when (exception is InvalidDataException or NotSupportedException or EndOfStreamException)
        {
            throw new DamagedExportException(entry.FullName, "can't be unpacked");
        }
    }

    private static T Parse<T>(string name, byte[] json)
    {
        try
        {
            return JsonSerializer.Deserialize<T>(json, TransferFormat.Json)
                ?? throw new DamagedExportException(name, "has a line that is null");
        }
        catch (JsonException)
        {
            throw new DamagedExportException(name, "has an invalid line");
        }
    }
}
