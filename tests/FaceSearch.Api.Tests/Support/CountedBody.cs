using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace FaceSearch.Api.Tests.Support;

/// <summary>A body of a given length that counts the bytes sent.</summary>
internal sealed class CountedBody : HttpContent
{
    /// <summary>The client sends a body of up to 1024 bytes also when it is refused.</summary>
    public const int NeverSentUnread = 2000;

    private readonly byte[] bytes;
    private readonly bool isMeasured;

    /// <param name="isMeasured">The request has a Content-Length.</param>
    public CountedBody(string head, int length, string tail, string type, bool isMeasured = true)
    {
        bytes = Encoding.ASCII.GetBytes(head.PadRight(length - tail.Length, 'a') + tail);
        this.isMeasured = isMeasured;
        Headers.ContentType = MediaTypeHeaderValue.Parse(type);
    }

    public int Sent { get; private set; }

    /// <summary>A client that sends a body only after 100 Continue, so an unread body is not sent.</summary>
    public static HttpClient ClientOf(Uri? server, string? key = null)
    {
        var client = new HttpClient(new SocketsHttpHandler { Expect100ContinueTimeout = Timeout.InfiniteTimeSpan })
        {
            BaseAddress = server,
        };
        client.DefaultRequestHeaders.ExpectContinue = true;
        if (key is not null)
            client.DefaultRequestHeaders.Add("X-Api-Key", key);
        return client;
    }

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
    {
        await stream.WriteAsync(bytes);
        Sent += bytes.Length;
    }

    protected override bool TryComputeLength(out long length)
    {
        length = bytes.Length;
        return isMeasured;
    }
}
