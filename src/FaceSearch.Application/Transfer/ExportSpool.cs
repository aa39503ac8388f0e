using Microsoft.Win32.SafeHandles;

namespace FaceSearch.Application.Transfer;

/// <summary>
/// A temporary file between a writer and a slower reader, which reads while the file grows. It holds what is not read yet:
/// it is emptied whenever the reader has caught up, and the writer waits while the disk has little room. The file has no
/// name, so nothing of it is left when the process ends.
/// </summary>
internal sealed class ExportSpool : Stream
{
    private const int ChunkSize = 1 << 16;

    /// <summary>Bytes that are left to others on the disk.</summary>
    private const long Reserve = 1L << 30;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    private readonly SafeFileHandle file;
    private readonly Func<long> freeBytes;
    private readonly SemaphoreSlim access = new(1, 1);
    private long written;
    private long read;

    /// <param name="freeBytes">The room on the disk.</param>
    public ExportSpool(string temporaryFile, Func<long> freeBytes)
    {
        this.freeBytes = freeBytes;
        file = File.OpenHandle(
            temporaryFile, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.Delete, FileOptions.Asynchronous);
        File.Delete(temporaryFile);
    }

    public static ExportSpool Create(string temporaryFile)
    {
        var disk = new DriveInfo(Path.GetDirectoryName(temporaryFile)!);
        return new ExportSpool(temporaryFile, () => disk.AvailableFreeSpace);
    }

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    /// <summary>Bytes that the file holds.</summary>
    public override long Length => RandomAccess.GetLength(file);

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Copies what the writer writes, until it has ended; then its exception is thrown.</summary>
    public async Task CopyAsync(Func<Stream, CancellationToken, Task> write, Stream reader, CancellationToken ct)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var writing = write(this, stop.Token);
        try
        {
            bool hasEnded;
            do
            {
                await Task.WhenAny(writing, Task.Delay(Pause, ct));
                hasEnded = writing.IsCompleted;
                await CopyWrittenAsync(reader, ct);
            }
            while (!hasEnded);
        }
        finally
        {
            await stop.CancelAsync();
            await writing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await writing;
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        // A reader that has caught up needs no room.
        while (Volatile.Read(ref written) - Volatile.Read(ref read) > ChunkSize && freeBytes() < Reserve)
            await Task.Delay(Pause, cancellationToken);

        await access.WaitAsync(cancellationToken);
        try
        {
            await RandomAccess.WriteAsync(file, buffer, written, cancellationToken);
            Volatile.Write(ref written, written + buffer.Length);
        }
        finally
        {
            access.Release();
        }
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override void Flush()
    {
    }

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        file.Dispose();
        access.Dispose();
        base.Dispose(disposing);
    }

    private async Task CopyWrittenAsync(Stream reader, CancellationToken ct)
    {
        var chunk = new byte[ChunkSize];
        while (await TakeAsync(chunk, ct) is > 0 and var taken)
            await reader.WriteAsync(chunk.AsMemory(0, taken), ct);
    }

    private async Task<int> TakeAsync(byte[] chunk, CancellationToken ct)
    {
        await access.WaitAsync(ct);
        try
        {
            var taken = read < written ? await RandomAccess.ReadAsync(file, chunk, read, ct) : 0;
            Volatile.Write(ref read, read + taken);
            if (read == written && written > 0)
            {
                RandomAccess.SetLength(file, 0);
                Volatile.Write(ref written, 0);
                Volatile.Write(ref read, 0);
            }

            return taken;
        }
        finally
        {
            access.Release();
        }
    }
}
