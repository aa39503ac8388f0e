using System.Net;
using System.Text;
using FaceSearch.Api.Tests.Support;
using FaceSearch.Domain.Access;
using FaceSearch.TestSupport;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace FaceSearch.Api.Tests.Hosting;

/// <summary>Rate limits, proxies, CORS, metrics, and unknown routes.</summary>
internal sealed class HttpPipelineTests
{
    private const string Proxy = "10.1.2.3";

    [Test]
    public async Task RateLimit_EachKeyHasItsOwn_AndHealthHasNone()
    {
        using var server = new TestServer("Production");
        Limit(server, 3);
        using var one = server.CreateClient(await server.IssueKeyAsync(AccessScopes.Read));
        using var other = server.CreateClient(await server.IssueKeyAsync(AccessScopes.Read));

        var statuses = new List<HttpStatusCode>();
        for (var i = 0; i < 3; i++)
            statuses.Add((await one.GetAsync("/v1/collections")).StatusCode);
        var refused = await one.GetAsync("/v1/collections");

        Assert.That(statuses, Is.All.EqualTo(HttpStatusCode.OK));
        Assert.That(refused.StatusCode, Is.EqualTo(HttpStatusCode.TooManyRequests));
        Assert.That(await refused.ReadProblemAsync(), Is.EqualTo("too-many-requests"));
        Assert.That(refused.Headers.RetryAfter!.Delta, Is.GreaterThan(TimeSpan.FromHours(1)));
        Assert.That((await one.GetAsync("/health/live")).StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That((await other.GetAsync("/v1/collections")).StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }

    [TestCase(Proxy, true)]
    [TestCase("10.9.9.9", true)]
    [TestCase("192.0.2.1", false)]
    public async Task Proxy_OnlyAKnownOne_SetsTheClientsAddress(string proxy, bool isKnown)
    {
        using var server = new TestServer("Production");
        Limit(server, 1, ":WithoutKey");
        server.Settings["Proxy:Known:0"] = Proxy;
        server.Settings["Proxy:KnownNetworks:0"] = "10.9.0.0/16";
        var behind = new BehindProxy(proxy);
        server.Replacing = services => services.AddSingleton<IStartupFilter>(behind);
        using var client = server.CreateClient();

        var first = await SendFromAsync(client, "203.0.113.1");
        var second = await SendFromAsync(client, "203.0.113.2");
        var again = await SendFromAsync(client, "203.0.113.1");

        Assert.That(first, Is.EqualTo(HttpStatusCode.Unauthorized));
        Assert.That(second, Is.EqualTo(isKnown ? HttpStatusCode.Unauthorized : HttpStatusCode.TooManyRequests));
        Assert.That(again, Is.EqualTo(HttpStatusCode.TooManyRequests));
        Assert.That(behind.Schemes, Is.All.EqualTo(isKnown ? "https" : "http"));
    }

    [Test]
    public async Task Cors_KnownOrigin_MayCallAndReadTheHeaders()
    {
        using var server = new TestServer("Production");
        server.Settings["Cors:Origins:0"] = "https://faces.example";
        using var client = server.CreateClient();

        var (known, preflight) = (await GetFromAsync(client, "https://faces.example"), await PreflightAsync(client, "https://faces.example"));
        var unknown = await GetFromAsync(client, "https://evil.example");

        Assert.That(known.StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
        Assert.That(HeaderOf(known, "Access-Control-Allow-Origin"), Is.EqualTo("https://faces.example"));
        Assert.That(
            HeaderOf(known, "Access-Control-Expose-Headers").Split(','),
            Is.EquivalentTo(new[] { "Location", "ETag", "Retry-After", "Idempotency-Replayed", "Preference-Applied", "X-Request-Id" }));
        Assert.That(HeaderOf(preflight, "Access-Control-Allow-Headers"), Does.Contain("x-api-key"));
        Assert.That(unknown.Headers.Contains("Access-Control-Allow-Origin"), Is.False);
    }

    [Test]
    public async Task Cors_ByDefault_IsOff()
    {
        using var server = new TestServer("Production");
        using var client = server.CreateClient();

        Assert.That((await GetFromAsync(client, "https://faces.example")).Headers.Contains("Access-Control-Allow-Origin"), Is.False);
    }

    [TestCase("GET", "/nothing/here", 404, "route-not-found")]
    [TestCase("GET", "/v1/nothing", 404, "route-not-found")]
    [TestCase("PUT", "/v1/collections", 405, "method-not-allowed")]
    [TestCase("GET", "/search_faces", 405, "method-not-allowed")]
    [TestCase("POST", "/v1/collections", 415, "unsupported-content-type")]
    public async Task EmptyErrorStatus_IsAProblem(string method, string path, int status, string code)
    {
        using var server = new TestServer("Production");
        using var client = server.CreateClient(await server.IssueKeyAsync(AccessScopes.All));

        using var request = new HttpRequestMessage(HttpMethod.Parse(method), path);
        if (method != "GET")
            request.Content = new StringContent("text", Encoding.UTF8, "text/plain");
        var answer = await client.SendAsync(request);
        var problem = await answer.ReadJsonAsync();

        Assert.That((int)answer.StatusCode, Is.EqualTo(status));
        Assert.That(answer.Content.Headers.ContentType!.MediaType, Is.EqualTo("application/problem+json"));
        Assert.That(problem.GetProperty("type").GetString(), Is.EqualTo($"urn:facesearch:problem:{code}"));
        Assert.That(problem.GetProperty("status").GetInt32(), Is.EqualTo(status));
        Assert.That(problem.GetProperty("traceId").GetString(), Is.Not.Empty);
    }

    [TestCase("{")]
    [TestCase("""{"name":"a","scopes":["nothing"]}""")]
    [TestCase("null")]
    [TestCase("""{"name":5}""")]
    public async Task InvalidJson_Is400AndNamesNoInternalType(string json)
    {
        using var server = new TestServer("Production");
        using var client = server.CreateClient(await server.IssueKeyAsync(AccessScopes.All));

        var answer = await client.PostAsync("/v1/keys", new StringContent(json, Encoding.UTF8, "application/json"));

        Assert.That(await answer.ReadProblemAsync(), Is.EqualTo("invalid-request"));
        Assert.That(await answer.Content.ReadAsStringAsync(), Does.Not.Contain("FaceSearch."));
    }

    [Test]
    public async Task Metrics_HaveSearchesIndexAndEnrolment()
    {
        using var server = new TestServer("Production");
        using var client = server.CreateClient(await server.IssueKeyAsync(AccessScopes.All));
        await client.PostPictureAsync("/add_face", StandInEncoders.Picture(1f));
        await client.PostPictureAsync("/add_faces_in_bulk", Archives.Zip(("a", StandInEncoders.Picture(2f)), ("b", StandInEncoders.Picture())));
        await client.PostPictureAsync("/search_faces", StandInEncoders.Picture(1f));

        var text = await client.GetStringAsync("/metrics");

        Assert.That(text, Does.Match(@"facesearch_search_duration_seconds_count\{[^}]*\} 1\b"));
        Assert.That(text, Does.Match(@"facesearch_index_size[a-z_]*\{[^}]*\} 2\b"));
        Assert.That(text, Does.Match(@"facesearch_enrolment_items_total\{[^}]*outcome=""inserted""[^}]*\} 2\b"));
        Assert.That(text, Does.Match(@"facesearch_enrolment_items_total\{[^}]*outcome=""failed""[^}]*\} 1\b"));
        Assert.That(text, Does.Contain("http_server_request_duration_seconds"));
    }

    private static void Limit(TestServer server, int requests, string section = "")
    {
        server.Settings[$"RateLimit{section}:Requests"] = "1";
        server.Settings[$"RateLimit{section}:PeriodSeconds"] = "86400";
        server.Settings[$"RateLimit{section}:Burst"] = $"{requests}";
    }

    private static async Task<HttpStatusCode> SendFromAsync(HttpClient client, string address)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/collections");
        request.Headers.Add("X-Forwarded-For", address);
        request.Headers.Add("X-Forwarded-Proto", "https");
        return (await client.SendAsync(request)).StatusCode;
    }

    private static Task<HttpResponseMessage> GetFromAsync(HttpClient client, string origin)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, "/v1/collections");
        request.Headers.Add("Origin", origin);
        return client.SendAsync(request);
    }

    private static Task<HttpResponseMessage> PreflightAsync(HttpClient client, string origin)
    {
        var request = new HttpRequestMessage(HttpMethod.Options, "/v1/collections");
        request.Headers.Add("Origin", origin);
        request.Headers.Add("Access-Control-Request-Method", "POST");
        request.Headers.Add("Access-Control-Request-Headers", "x-api-key");
        return client.SendAsync(request);
    }

    private static string HeaderOf(HttpResponseMessage answer, string name) => string.Join(',', answer.Headers.GetValues(name));

    /// <summary>Every request comes from one address, as from a proxy, and its scheme is stored after the answer.</summary>
    private sealed class BehindProxy(string address) : IStartupFilter
    {
        public List<string> Schemes { get; } = [];

        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            app.Use(async (context, rest) =>
            {
                context.Connection.RemoteIpAddress = IPAddress.Parse(address);
                await rest(context);
                Schemes.Add(context.Request.Scheme);
            });
            next(app);
        };
    }
}
