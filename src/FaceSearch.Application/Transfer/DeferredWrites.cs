namespace FaceSearch.Application.Transfer;

/// <summary>
/// Takes the small writes that a zip makes synchronously, for a body that can only be written to asynchronously: they wait
/// in memory for the next asynchronous write or flush, which goes after them.
/// </summary>
internal sealed class DeferredWrites(Stream body) : Stream
{
    private readonly MemoryStream waiting = new();

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override void Write(byte[] buffer, int offset, int count) => waiting.Write(buffer, offset, count);

    public override void Write(ReadOnlySpan<byte> buffer) => waiting.Write(buffer);

    public override void WriteByte(byte value) => waiting.WriteByte(value);

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        await DrainAsync(cancellationToken);
        await body.WriteAsync(buffer, cancellationToken);
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <summary>Later: nothing can be sent from here.</summary>
    public override void Flush()
    {
    }

    public override Task FlushAsync(CancellationToken cancellationToken) => DrainAsync(cancellationToken);

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        waiting.Dispose();
        base.Dispose(disposing);
    }

    private async Task DrainAsync(CancellationToken ct)
    {
        if (waiting.Length == 0)
            return;

        await body.WriteAsync(waiting.GetBuffer().AsMemory(0, (int)waiting.Length), ct);
        waiting.SetLength(0);
    }
}
