using SharpCompress.Compressors;
using SharpCompress.Compressors.BZip2;

namespace FaceSearch.Infrastructure.FaceEngine.Models;

/// <summary>Unpacks bzip2. Call it where blocking is allowed: every read computes.</summary>
internal static class Bzip2
{
    /// <param name="packed">Closed with the result.</param>
    public static Stream Unpack(Stream packed) =>
        new Synchronous(BZip2Stream.Create(packed, CompressionMode.Decompress, false));

    /// <summary>SharpCompress' own asynchronous reads take twice the time of its synchronous ones.</summary>
    private sealed class Synchronous(Stream inner) : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override int Read(byte[] buffer, int offset, int count) => inner.Read(buffer, offset, count);

        public override int Read(Span<byte> buffer) => inner.Read(buffer);

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return ValueTask.FromResult(inner.Read(buffer.Span));
        }

        public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                inner.Dispose();
            base.Dispose(disposing);
        }
    }
}
