using System.Collections.Concurrent;
using System.Globalization;
using System.Net;

namespace FaceSearch.TestSupport;

/// <summary>A server on this machine with the test's answers. It counts the requests.</summary>
public sealed class FileServer : IAsyncDisposable
{
    private readonly HttpListener listener;
    private readonly Task serving;
    private readonly ConcurrentDictionary<string, Func<HttpListenerContext, Task>> answers = new();
    private readonly CancellationTokenSource end = new();
    private int requests;
    private long bytes;

    public FileServer()
    {
        listener = Listen(out var port);
        Address = new Uri($"http://127.0.0.1:{port}/");
        serving = ServeAsync();
    }

    public Uri Address { get; }

    public int Requests => requests;

    /// <summary>Of all files together.</summary>
    public long BytesSent => Interlocked.Read(ref bytes);

    /// <summary>Answers with the file, or with the requested range.</summary>
    public Uri Serve(byte[] content, string path = "net.onnx") => Answer(path, context => SendAsync(context, content));

    /// <summary>Every other path answers 404.</summary>
    public Uri Answer(string path, Func<HttpListenerContext, Task> answer)
    {
        answers[path] = answer;
        return new Uri(Address, path);
    }

    /// <summary>Stalls the rest of the answer until the end of the test.</summary>
    public Task StallAsync() => Task.Delay(Timeout.Infinite, end.Token);

    public async Task SendAsync(HttpListenerContext context, byte[] content, int? breakAfter = null, string tag = "\"1\"")
    {
        var response = context.Response;
        var asked = context.Request.Headers["Range"] is { } range && context.Request.Headers["If-Range"] is var condition
            && (condition is null || condition == tag)
            ? int.Parse(range["bytes=".Length..^1], CultureInfo.InvariantCulture)
            : 0;
        response.Headers["ETag"] = tag;
        response.ContentLength64 = content.Length - asked;
        if (asked > 0)
        {
            response.StatusCode = 206;
            response.Headers["Content-Range"] = $"bytes {asked}-{content.Length - 1}/{content.Length}";
        }

        var count = Math.Min(breakAfter ?? content.Length, content.Length - asked);
        Interlocked.Add(ref bytes, count);
        await response.OutputStream.WriteAsync(content.AsMemory(asked, count), end.Token);
        await response.OutputStream.FlushAsync(end.Token);
        if (count < content.Length - asked)
            response.Abort();
    }

    public async ValueTask DisposeAsync()
    {
        await end.CancelAsync();
        listener.Close();
        await serving;
        end.Dispose();
    }

    private async Task ServeAsync()
    {
        while (listener.IsListening)
        {
            try
            {
                _ = AnswerAsync(await listener.GetContextAsync());
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException or InvalidOperationException)
            {
                // The end of the test.
            }
        }
    }

    private async Task AnswerAsync(HttpListenerContext context)
    {
        Interlocked.Increment(ref requests);
        try
        {
            using var response = context.Response;
            if (answers.TryGetValue(context.Request.Url!.AbsolutePath[1..], out var answer))
                await answer(context);
            else
                response.StatusCode = 404;
        }
        catch (Exception e) when (e is HttpListenerException or IOException or ObjectDisposedException
            or InvalidOperationException or OperationCanceledException)
        {
            // The client disconnected, or the test ended.
        }
    }

    private static HttpListener Listen(out int port)
    {
        for (var attempt = 0; ; attempt++)
        {
            port = Random.Shared.Next(20_000, 60_000);
            var listener = new HttpListener();
            listener.Prefixes.Add($"http://127.0.0.1:{port}/");
            try
            {
                listener.Start();
                return listener;
            }
            catch (HttpListenerException) when (attempt < 20)
            {
                listener.Close();
            }
        }
    }
}
