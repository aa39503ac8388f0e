using System.Net;
using FaceSearch.Api.Tests.Support;
using FaceSearch.Domain.Access;
using FaceSearch.TestSupport;

namespace FaceSearch.Api.Tests.Http.Conditional;

/// <summary>HEAD on a real web server, which decides by the method whether a body follows.</summary>
[Category("Fault-E3")]
internal sealed class HeadTests
{
    private static readonly string[] OwnOfEachAnswer = ["Date", "Transfer-Encoding", "X-Request-Id"];

    private TestServer server;
    private HttpClient client;
    private string face;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        server = new TestServer();
        server.UseKestrel(0);
        client = server.CreateClient(await server.IssueKeyAsync(AccessScopes.All));
        var added = await client.PostPictureAsync("/v1/collections/default/faces?person=Ada", StandInEncoders.Picture(1f));
        face = added.Headers.Location!.ToString();
    }

    [OneTimeTearDown]
    public void Stop()
    {
        client.Dispose();
        server.Dispose();
    }

    [TestCase("", 200)]
    [TestCase("/image", 200)]
    [TestCase("/crop?size=1", 400)]
    [TestCase("0000", 404)]
    public async Task Head_OfAFace_HasTheHeadersOfGet(string rest, int status)
    {
        var get = await client.GetAsync(face + rest);
        var head = await HeadAsync(face + rest);

        Assert.That((int)head.StatusCode, Is.EqualTo(status));
        Assert.That(HeadersOf(head), Is.EqualTo(HeadersOf(get)));
        Assert.That(head.Content.Headers.ContentLength, Is.EqualTo((await get.Content.ReadAsByteArrayAsync()).Length));
        Assert.That(await head.Content.ReadAsByteArrayAsync(), Is.Empty);
    }

    [TestCase("/openapi/v1.json")]
    [TestCase("/health/live")]
    [TestCase("/v1/collections/default/export")]
    public async Task Head_OfAnotherGet_Is200AndTheConnectionGoesOn(string path)
    {
        Assert.That((await HeadAsync(path)).StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That((await client.GetAsync(face)).StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task Head_OfACallWithoutGet_Is405()
    {
        var answer = await HeadAsync("/search_faces");

        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.MethodNotAllowed));
        Assert.That(answer.Content.Headers.Allow, Is.EqualTo(new[] { "POST" }));
    }

    [Test]
    public async Task Allow_OfACallWithGet_NamesHead()
    {
        var answer = await client.PutAsync("/v1/collections", null);

        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.MethodNotAllowed));
        Assert.That(answer.Content.Headers.Allow, Is.EquivalentTo(new[] { "GET", "POST", "HEAD" }));
    }

    private Task<HttpResponseMessage> HeadAsync(string path) =>
        client.SendAsync(new HttpRequestMessage(HttpMethod.Head, path));

    /// <summary>A body in chunks has no Content-Length.</summary>
    private static string[] HeadersOf(HttpResponseMessage answer) =>
    [
        .. answer.Headers.Concat(answer.Content.Headers)
            .Where(header => !OwnOfEachAnswer.Contains(header.Key, StringComparer.OrdinalIgnoreCase) && header.Key != "Content-Length")
            .Select(header => $"{header.Key}: {string.Join(',', header.Value)}")
            .Order(StringComparer.Ordinal),
    ];
}
