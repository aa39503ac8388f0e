using System.Threading.Channels;
using FaceSearch.Api.Tests.Support;
using FaceSearch.Domain.Access;
using Microsoft.Extensions.DependencyInjection;
using Serilog.Core;
using Serilog.Events;

namespace FaceSearch.Api.Tests.Hosting;

/// <summary>What callers choose does not forge log lines, and keys are not logged.</summary>
[Category("Fault-B9")]
internal sealed class RequestLogTests
{
    private TestServer server;
    private Lines lines;
    private HttpClient client;

    [SetUp]
    public async Task StartAsync()
    {
        lines = new Lines();
        server = new TestServer("Production") { Replacing = services => services.AddSingleton<ILogEventSink>(lines) };
        server.Settings["Serilog:MinimumLevel:Default"] = "Information";
        client = server.CreateClient(await server.IssueKeyAsync(AccessScopes.All));
    }

    [TearDown]
    public void Stop()
    {
        client.Dispose();
        server.Dispose();
    }

    [TestCase("/v1/collections/fs_secret%0d%0aFORGED%1b%5b31m", "/v1/collections/{collection}", 404)]
    [TestCase("/unknown/fs_secret%0d%0aFORGED", "(no route)", 404)]
    [CancelAfter(60_000)]
    public async Task Request_IsLoggedByItsRoute(string path, string route, int status, CancellationToken ct)
    {
        await client.GetAsync(path, ct);
        var line = await lines.NextAsync("responded", ct);

        Assert.That(line.RenderMessage(), Does.StartWith($"HTTP \"GET\" \"{route}\" responded {status} in "));
        Assert.That(TextOf(line), Does.Not.Contain("fs_secret").And.Not.Contain("FORGED"));
    }

    [Test, CancelAfter(60_000)]
    public async Task RequestThatThrows_IsLoggedByItsRoute(CancellationToken ct)
    {
        server.Encoders.BeforeWork = () => throw new InvalidOperationException();

        await client.PostPictureAsync("/v1/collections/default/search", TestSupport.StandInEncoders.Picture(1f));

        Assert.That(
            (await lines.NextAsync("responded", ct)).RenderMessage(),
            Does.StartWith("HTTP \"POST\" \"/v1/collections/{collection}/search\" responded 500 in "));
    }

    [Test, CancelAfter(60_000)]
    public async Task AnyLine_HasItsControlCharactersEscaped_AndNoPath(CancellationToken ct)
    {
        server.Services.GetRequiredService<Serilog.ILogger>().ForContext("RequestPath", "/fs_secret")
            .Warning("Named {Name} in {Names}", "a\r\nb\u001b[31m\u202e", new[] { "c\u0085" });

        var line = await lines.NextAsync("Named", ct);

        Assert.That(line.RenderMessage(), Is.EqualTo("Named \"a\\u000d\\u000ab\\u001b[31m\\u202e\" in [\"c\\u0085\"]"));
        Assert.That(TextOf(line), Does.Not.Contain("fs_secret"));
    }

    private static string TextOf(LogEvent line) => line.RenderMessage() + string.Concat(line.Properties);

    private sealed class Lines : ILogEventSink
    {
        private readonly Channel<LogEvent> all = Channel.CreateUnbounded<LogEvent>();

        public void Emit(LogEvent logEvent) => all.Writer.TryWrite(logEvent);

        /// <summary>The next line whose template has the word.</summary>
        public async Task<LogEvent> NextAsync(string word, CancellationToken ct)
        {
            await foreach (var line in all.Reader.ReadAllAsync(ct))
            {
                if (line.MessageTemplate.Text.Contains(word, StringComparison.Ordinal))
                    return line;
            }

            throw new InvalidOperationException("The channel is never completed.");
        }
    }
}
