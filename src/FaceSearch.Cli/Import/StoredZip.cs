using System.Buffers.Binary;
using System.Text;
using FaceSearch.Cli.CommandLine;

namespace FaceSearch.Cli.Import;

/// <summary>A file of a <see cref="StoredZip"/>, with the data of its headers.</summary>
internal sealed record StoredFile(string Name, string Path, uint Length, uint Crc32);

/// <summary>
/// A zip of files on disk that is generated while it is read. Files are neither copied nor compressed, and the length
/// is known beforehand. Seekable, so that an upload can be retried. The same files give the same bytes.
/// </summary>
/// <remarks>
/// The format is PKWARE's APPNOTE 6.3, sections 4.3.7, 4.3.12 and 4.3.16, without 64-bit sizes: at most 65,534 files and
/// 4 GB. Names are UTF-8 (flag bit 11), times are the epoch of DOS.
/// </remarks>
/// <exception cref="CliException">
/// While reading: a file was removed or its length has changed. It is not an IOException, which would be handled as a
/// broken connection.
/// </exception>
internal sealed class StoredZip : Stream
{
    private const ushort Version = 20;
    private const ushort Utf8Names = 1 << 11;
    private const ushort FirstOfJanuary1980 = (1 << 5) | 1;

    private readonly List<Segment> segments = [];
    private FileStream? open;
    private int at;
    private long position;

    public StoredZip(IReadOnlyList<StoredFile> files)
    {
        var directory = new MemoryStream();
        foreach (var file in files)
        {
            var name = Encoding.UTF8.GetBytes(file.Name);
            directory.Write(DirectoryHeader(file, name, (uint)Length));
            segments.Add(new Segment(Length, LocalHeader(file, name), null));
            segments.Add(new Segment(Length, [], file));
        }

        var start = (uint)Length;
        segments.Add(new Segment(start, directory.ToArray(), null));
        segments.Add(new Segment(Length, EndOfDirectory((ushort)files.Count, (uint)directory.Length, start), null));
    }

    public override long Length => segments is [.., var last] ? last.Start + last.Length : 0;

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Position
    {
        get => position;
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            (position, at) = (value, 0);
            Close(ref open);
        }
    }

    public override int Read(Span<byte> buffer)
    {
        while (at < segments.Count && position >= segments[at].Start + segments[at].Length)
        {
            at++;
            Close(ref open);
        }

        if (at == segments.Count || buffer.IsEmpty)
            return 0;

        var segment = segments[at];
        var offset = position - segment.Start;
        var wanted = buffer[..(int)Math.Min(buffer.Length, segment.Length - offset)];
        if (segment.File is { } file)
            wanted = wanted[..ReadFile(file, offset, wanted)];
        else
            segment.Bytes.AsSpan((int)offset, wanted.Length).CopyTo(wanted);

        position += wanted.Length;
        return wanted.Length;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return ValueTask.FromResult(Read(buffer.Span));
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override long Seek(long offset, SeekOrigin origin) => Position = offset + origin switch
    {
        SeekOrigin.Begin => 0,
        SeekOrigin.Current => position,
        _ => Length,
    };

    public override void Flush()
    {
    }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            Close(ref open);
        base.Dispose(disposing);
    }

    private int ReadFile(StoredFile file, long offset, Span<byte> buffer)
    {
        open ??= Open(file, offset);
        var read = open.Read(buffer);
        return read > 0 ? read : throw Changed(file);
    }

    private static FileStream Open(StoredFile file, long offset)
    {
        FileStream? stream = null;
        try
        {
            stream = new FileStream(file.Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            if (stream.Length == file.Length)
            {
                stream.Position = offset;
                return stream;
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // A removed or locked file counts as changed.
        }

        Close(ref stream);
        throw Changed(file);
    }

    private static CliException Changed(StoredFile file) =>
        new($"{file.Path} was changed while it was being imported. Run the import again.");

    private static void Close(ref FileStream? stream)
    {
        stream?.Dispose();
        stream = null;
    }

    private static byte[] LocalHeader(StoredFile file, byte[] name)
    {
        var header = new byte[30 + name.Length];
        BinaryPrimitives.WriteUInt32LittleEndian(header, 0x04034b50);
        WriteCommon(header.AsSpan(4), file, name);
        name.CopyTo(header, 30);
        return header;
    }

    private static byte[] DirectoryHeader(StoredFile file, byte[] name, uint offset)
    {
        var header = new byte[46 + name.Length];
        BinaryPrimitives.WriteUInt32LittleEndian(header, 0x02014b50);
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(4), Version);
        WriteCommon(header.AsSpan(6), file, name);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(42), offset);
        name.CopyTo(header, 46);
        return header;
    }

    /// <summary>The fields that both headers have in the same order; the compression method, stored, is 0.</summary>
    private static void WriteCommon(Span<byte> header, StoredFile file, byte[] name)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(header, Version);
        BinaryPrimitives.WriteUInt16LittleEndian(header[2..], Utf8Names);
        BinaryPrimitives.WriteUInt16LittleEndian(header[8..], FirstOfJanuary1980);
        BinaryPrimitives.WriteUInt32LittleEndian(header[10..], file.Crc32);
        BinaryPrimitives.WriteUInt32LittleEndian(header[14..], file.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(header[18..], file.Length);
        BinaryPrimitives.WriteUInt16LittleEndian(header[22..], checked((ushort)name.Length));
    }

    private static byte[] EndOfDirectory(ushort count, uint size, uint start)
    {
        var record = new byte[22];
        BinaryPrimitives.WriteUInt32LittleEndian(record, 0x06054b50);
        BinaryPrimitives.WriteUInt16LittleEndian(record.AsSpan(8), count);
        BinaryPrimitives.WriteUInt16LittleEndian(record.AsSpan(10), count);
        BinaryPrimitives.WriteUInt32LittleEndian(record.AsSpan(12), size);
        BinaryPrimitives.WriteUInt32LittleEndian(record.AsSpan(16), start);
        return record;
    }

    private readonly record struct Segment(long Start, byte[] Bytes, StoredFile? File)
    {
        public long Length => File is { } file ? file.Length : Bytes.Length;
    }
}
