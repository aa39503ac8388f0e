namespace FaceSearch.Application.Transfer;

/// <summary>
/// A temporary file between a writer and a slower reader, which reads while the file grows. The file has no name, so
/// nothing of it is left when the process ends.
/// </summary>
internal sealed class ExportSpool : IAsyncDisposable
{
    private const int BufferSize = 1 << 16;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    private readonly FileStream written;
    private readonly FileStream read;

    public ExportSpool(string temporaryFile)
    {
        const FileShare Shared = FileShare.ReadWrite | FileShare.Delete;
        written = new FileStream(temporaryFile, FileMode.CreateNew, FileAccess.Write, Shared, bufferSize: 0, useAsync: true);
        read = new FileStream(temporaryFile, FileMode.Open, FileAccess.Read, Shared, bufferSize: 0, useAsync: true);
        File.Delete(temporaryFile);
    }

    /// <summary>Copies what the writer writes, until it has ended; then its exception is thrown.</summary>
    public async Task CopyAsync(Func<Stream, CancellationToken, Task> write, Stream reader, CancellationToken ct)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var writing = write(written, stop.Token);
        try
        {
            bool hasEnded;
            do
            {
                await Task.WhenAny(writing, Task.Delay(Pause, ct));
                hasEnded = writing.IsCompleted;
                await read.CopyToAsync(reader, BufferSize, ct);
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

    public async ValueTask DisposeAsync()
    {
        await written.DisposeAsync();
        await read.DisposeAsync();
    }
}
