namespace FaceSearch.Api.Http.Uploads;

/// <summary>
/// Keeps the last bytes that were read from a body. The reader of forms decodes the headers of a part as UTF-8, and so
/// loses names in another encoding. It states positions of streams that can seek only, so this one says it can; it can't.
/// </summary>
internal sealed class RecentBytesStream(Stream body) : Stream
{
    /// <summary>The largest headers of a part, and what the reader of forms has buffered after them.</summary>
    private const int Kept = 1 << 15;

    private readonly byte[] recent = new byte[Kept];
    private long position;

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => position;
        set => throw new NotSupportedException();
    }

    /// <summary>The kept bytes before a position.</summary>
    public byte[] ReadBefore(long end)
    {
        var start = Math.Max(0, position - Kept);
        var bytes = new byte[Math.Max(0, end - start)];
        for (var i = 0; i < bytes.Length; i++)
            bytes[i] = recent[(start + i) % Kept];

        return bytes;
    }

    public override int Read(byte[] buffer, int offset, int count) => Keep(buffer.AsSpan(offset, body.Read(buffer, offset, count)));

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await body.ReadAsync(buffer, cancellationToken);
        return Keep(buffer.Span[..read]);
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Flush() => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    private int Keep(ReadOnlySpan<byte> read)
    {
        var rest = read[Math.Max(0, read.Length - Kept)..];
        var place = (int)((position + read.Length - rest.Length) % Kept);
        var first = Math.Min(rest.Length, Kept - place);
        rest[..first].CopyTo(recent.AsSpan(place));
        rest[first..].CopyTo(recent);
        position += read.Length;
        return read.Length;
    }
}
