using System.Net;
using System.Net.Sockets;
using System.Text;

namespace FaceSearch.Cli.Tests.EndToEnd;

/// <summary>A relay to the server that cuts one connection, once.</summary>
internal sealed class BreakingNetwork : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stopping = new();
    private readonly Uri server;
    private readonly long? breakAfterRequestBytes;
    private readonly string? breakBeforeAnswerTo;
    private readonly Task accepting;
    private int breaks;

    /// <param name="breakAfterRequestBytes">Cuts a connection after this number of request bytes.</param>
    /// <param name="breakBeforeAnswerTo">Cuts the connection before the answer to a request with this text.</param>
    public BreakingNetwork(Uri server, long? breakAfterRequestBytes = null, string? breakBeforeAnswerTo = null)
    {
        this.server = server;
        this.breakAfterRequestBytes = breakAfterRequestBytes;
        this.breakBeforeAnswerTo = breakBeforeAnswerTo;
        listener.Start();
        accepting = AcceptAsync();
    }

    public Uri Address => new($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}");

    public int Breaks => breaks;

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        listener.Stop();
        await accepting;
        stopping.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
                _ = RelayAsync(await listener.AcceptTcpClientAsync(stopping.Token));
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException)
        {
            // Stopped.
        }
    }

    private async Task RelayAsync(TcpClient client)
    {
        using (client)
        using (var upstream = new TcpClient())
        {
            await upstream.ConnectAsync(server.Host, server.Port);
            var isWatched = false;
            var passed = 0L;
            var up = CopyAsync(client.GetStream(), upstream.GetStream(), chunk =>
            {
                passed += chunk.Length;
                isWatched |= breakBeforeAnswerTo is { } text && Encoding.Latin1.GetString(chunk.Span).Contains(text);
                return !(passed > breakAfterRequestBytes && TryBreak());
            });

            // "100 Continue" asks for the body and answers nothing yet.
            var down = CopyAsync(upstream.GetStream(), client.GetStream(), chunk =>
                !(isWatched && !chunk.Span.StartsWith("HTTP/1.1 100"u8) && TryBreak()));
            await Task.WhenAny(up, down);
        }
    }

    private bool TryBreak() => Interlocked.CompareExchange(ref breaks, 1, 0) == 0;

    private async Task CopyAsync(NetworkStream from, NetworkStream to, Func<ReadOnlyMemory<byte>, bool> mayPass)
    {
        var buffer = new byte[65536];
        try
        {
            for (int read; (read = await from.ReadAsync(buffer, stopping.Token)) > 0 && mayPass(buffer.AsMemory(0, read));)
                await to.WriteAsync(buffer.AsMemory(0, read), stopping.Token);
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException or ObjectDisposedException)
        {
            // One side closed the connection.
        }
    }
}
