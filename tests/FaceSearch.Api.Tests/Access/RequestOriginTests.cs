using System.Net;
using FaceSearch.Api.Tests.Support;
using FaceSearch.Domain.Access;
using FaceSearch.TestSupport;

namespace FaceSearch.Api.Tests.Access;

/// <summary>In Development no key is needed, but other web pages can't use that.</summary>
[Category("Fault-B8")]
internal sealed class RequestOriginTests
{
    private const string Known = "https://known.example";

    private static int picture = 1;

    private TestServer server;
    private HttpClient client;

    [OneTimeSetUp]
    public void Start()
    {
        server = new TestServer();
        server.Settings["Cors:Origins:0"] = Known;
        client = server.CreateClient();
    }

    [OneTimeTearDown]
    public void Stop()
    {
        client.Dispose();
        server.Dispose();
    }

    [TestCase("localhost", null, HttpStatusCode.Created)]
    [TestCase("localhost:8000", "http://localhost:8000", HttpStatusCode.Created)]
    [TestCase("127.0.0.1", "http://127.0.0.1", HttpStatusCode.Created)]
    [TestCase("[::1]:8000", "http://[::1]:8000", HttpStatusCode.Created)]
    [TestCase("localhost", Known, HttpStatusCode.Created)]
    [TestCase("localhost", "https://evil.example", HttpStatusCode.Forbidden)]
    [TestCase("localhost", "null", HttpStatusCode.Forbidden)]
    [TestCase("localhost", "*", HttpStatusCode.Forbidden)]
    [TestCase("localhost:8000", "http://localhost:3000", HttpStatusCode.Forbidden)]
    [TestCase("rebound.example", null, HttpStatusCode.Forbidden)]
    [TestCase("rebound.example", "http://rebound.example", HttpStatusCode.Forbidden)]
    [TestCase("localhost.evil.example", null, HttpStatusCode.Forbidden)]
    [TestCase("192.168.0.7", null, HttpStatusCode.Forbidden)]
    public async Task Add_WithoutAKey_OnlyFromTheSameMachineAndPage(string host, string? origin, HttpStatusCode status)
    {
        using var request = Add(host, origin);
        using var answer = await client.SendAsync(request);

        Assert.That(answer.StatusCode, Is.EqualTo(status));
        if (status == HttpStatusCode.Forbidden)
            Assert.That(await answer.ReadProblemAsync(), Is.EqualTo("forbidden"));
    }

    [TestCase("localhost", "https://evil.example")]
    [TestCase("faces.example", null)]
    public async Task Add_WithAKey_FromAnywhere(string host, string? origin)
    {
        using var request = Add(host, origin);
        request.Headers.Add("X-Api-Key", await server.IssueKeyAsync(AccessScopes.All));
        using var answer = await client.SendAsync(request);

        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.Created));
    }

    private static HttpRequestMessage Add(string host, string? origin)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/add_face/")
        {
            Content = new MultipartFormDataContent
            {
                { new ByteArrayContent(StandInEncoders.Picture(Interlocked.Increment(ref picture))), "file", "a.png" },
            },
        };
        request.Headers.Host = host;
        if (origin is not null)
            request.Headers.Add("Origin", origin);
        return request;
    }
}
