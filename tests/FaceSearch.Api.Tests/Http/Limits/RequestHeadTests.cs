using System.Net;
using FaceSearch.Api.Http.RateLimits;
using FaceSearch.Api.Tests.Support;

namespace FaceSearch.Api.Tests.Http.Limits;

/// <summary>With the real web server, whose own refusals have no body.</summary>
[Category("Fault-E3")]
internal sealed class RequestHeadTests
{
    private TestServer server;
    private HttpClient client;

    [OneTimeSetUp]
    public void Start()
    {
        server = new TestServer();
        server.UseKestrel(0);
        client = server.CreateClient();
    }

    [OneTimeTearDown]
    public void Stop()
    {
        client.Dispose();
        server.Dispose();
    }

    [TestCase(RequestHeadLimits.MaxAddress, HttpStatusCode.NotFound, "route-not-found")]
    [TestCase(RequestHeadLimits.MaxAddress + 1, HttpStatusCode.RequestUriTooLong, "address-too-long")]
    [TestCase(3 * RequestHeadLimits.MaxAddress, HttpStatusCode.RequestUriTooLong, "address-too-long")]
    public async Task Address_TooLong_IsAProblem(int length, HttpStatusCode status, string problem)
    {
        var answer = await client.GetAsync("/v1/".PadRight(length, 'a'));

        Assert.That((answer.StatusCode, await answer.ReadProblemAsync()), Is.EqualTo((status, problem)));
    }

    [TestCase(RequestHeadLimits.MaxHeaders / 2, HttpStatusCode.OK)]
    [TestCase(RequestHeadLimits.MaxHeaders + 1, HttpStatusCode.RequestHeaderFieldsTooLarge)]
    [TestCase(3 * RequestHeadLimits.MaxHeaders, HttpStatusCode.RequestHeaderFieldsTooLarge)]
    public async Task Headers_TooLarge_AreAProblem(int length, HttpStatusCode status)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/health/live");
        request.Headers.Add("Cookie", new string('c', length));

        var answer = await client.SendAsync(request);

        Assert.That(answer.StatusCode, Is.EqualTo(status));
        if (status != HttpStatusCode.OK)
            Assert.That(await answer.ReadProblemAsync(), Is.EqualTo("headers-too-large"));
    }
}
