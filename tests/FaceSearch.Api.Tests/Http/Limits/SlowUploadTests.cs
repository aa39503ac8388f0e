using System.Net;
using System.Net.Sockets;
using System.Text;
using FaceSearch.Api.Http.Uploads;
using FaceSearch.Api.Tests.Support;
using FaceSearch.Domain.Access;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace FaceSearch.Api.Tests.Http.Limits;

/// <summary>Bodies that stop arriving, on the real web server. The clock ends their time at once.</summary>
[Category("Fault-A7")]
internal sealed class SlowUploadTests
{
    private const int Length = 16_384;

    private static readonly UploadOptions Defaults = new();

    private TestServer server;
    private Uri address;
    private string key;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        server = new TestServer("Production")
        {
            Replacing = services => services.Replace(
                ServiceDescriptor.Singleton<TimeProvider>(new ImpatientClock(Defaults.TimeOf(Length)))),
        };
        server.UseKestrel(0);
        using var ready = server.CreateClient();
        address = ready.BaseAddress!;
        key = await server.IssueKeyAsync(AccessScopes.All);
    }

    [OneTimeTearDown]
    public void Stop() => server.Dispose();

    [TestCase("/search_faces", "image/png")]
    [TestCase("/v1/verify", "multipart/form-data; boundary=b")]
    [TestCase("/add_faces_in_bulk", "application/zip")]
    [CancelAfter(60_000)]
    public async Task BodyThatStops_IsRefusedAtItsTime(string route, string type, CancellationToken ct) =>
        Assert.That(await PostPartAsync(route, type, ct), Does.StartWith("HTTP/1.1 408 ").And.Contain(":body-too-slow\""));

    [Test]
    public void WebServer_RefusesBodiesBelowTheLowestRate()
    {
        var rate = server.Services.GetRequiredService<IOptions<KestrelServerOptions>>().Value.Limits.MinRequestBodyDataRate!;

        Assert.That((rate.BytesPerSecond, rate.GracePeriod), Is.EqualTo((4096, TimeSpan.FromSeconds(10))));
    }

    [Test, Category("Fault-A13")]
    public void WebServer_DisconnectsClientsThatReadTooSlowly() => Assert.That(
        server.Services.GetRequiredService<IOptions<KestrelServerOptions>>().Value.Limits.MinResponseDataRate!.BytesPerSecond,
        Is.EqualTo(4096));

    [TestCase(0, 60)]
    [TestCase(16_384, 61)]
    [TestCase(25_000_000, 1585)]
    [TestCase(long.MaxValue, 30 * 86_400)]
    public void TimeOf_GrowsWithTheSize(long bytes, int seconds) =>
        Assert.That((int)Defaults.TimeOf(bytes).TotalSeconds, Is.EqualTo(seconds));

    /// <summary>Sends the head and a part of the body, and reads the whole answer.</summary>
    private async Task<string> PostPartAsync(string route, string type, CancellationToken ct)
    {
        using var connection = new TcpClient();
        await connection.ConnectAsync(IPAddress.Loopback, address.Port, ct);
        await using var stream = connection.GetStream();
        await stream.WriteAsync(
            Encoding.ASCII.GetBytes(
                $"POST {route} HTTP/1.1\r\nHost: localhost\r\nX-Api-Key: {key}\r\nContent-Type: {type}\r\n"
                + $"Content-Length: {Length}\r\n\r\n--b\r\n"),
            ct);

        var answer = new StringBuilder();
        var buffer = new byte[4096];
        while (!answer.ToString().Contains("\"traceId\"", StringComparison.Ordinal))
        {
            var read = await stream.ReadAsync(buffer, ct);
            if (read == 0)
                break;
            answer.Append(Encoding.UTF8.GetString(buffer, 0, read));
        }

        return answer.ToString();
    }

    /// <summary>A timer of one duration ends at once.</summary>
    private sealed class ImpatientClock(TimeSpan duration) : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            base.CreateTimer(callback, state, dueTime == duration ? TimeSpan.Zero : dueTime, period);
    }
}
