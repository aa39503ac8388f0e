using System.Net;
using FaceSearch.Api.Http.RateLimits;
using FaceSearch.Api.Http.Uploads;
using FaceSearch.Api.Tests.Support;
using FaceSearch.Domain.Access;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace FaceSearch.Api.Tests.Http.Limits;

/// <summary>Forms of callers without a key in a header, with the real web server, because it stops the reading.</summary>
[Category("Fault-A6")]
internal sealed class KeylessFormTests
{
    private const string Route = "/get_face_info/";
    private const string FormType = "application/x-www-form-urlencoded";

    private TestServer server;
    private HttpClient client;

    [SetUp]
    public void Start()
    {
        server = new TestServer("Production");
        server.Settings["RateLimit:WithoutKey:Requests"] = "1";
        server.Settings["RateLimit:WithoutKey:PeriodSeconds"] = "86400";
        server.Settings["RateLimit:WithoutKey:Burst"] = "2";
        server.UseKestrel(0);
        using var ready = server.CreateClient();
        client = CountedBody.ClientOf(ready.BaseAddress);
    }

    [TearDown]
    public void Stop()
    {
        client.Dispose();
        server.Dispose();
    }

    [Test]
    public async Task Form_LargerThanItsLimit_IsRefusedUnread()
    {
        var body = new CountedBody("image_id=", BodyLimits.WithoutFile + 1, "", FormType);
        using var answer = await client.PostAsync(Route, body);

        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.RequestEntityTooLarge));
        Assert.That(body.Sent, Is.Zero);
    }

    [Test]
    public async Task Form_AboveTheRateOfItsAddress_IsRefusedUnread()
    {
        for (var i = 0; i < 2; i++)
            Assert.That((await PostAsync()).Status, Is.EqualTo(HttpStatusCode.Unauthorized));

        Assert.That(await PostAsync(), Is.EqualTo((HttpStatusCode.TooManyRequests, 0)));
    }

    [Test]
    public async Task UnknownKeys_CountByTheAddress_AndAKnownKeyDoesNot()
    {
        for (var i = 0; i < 2; i++)
            Assert.That(await GetAsync($"fs_unknown{i}"), Is.EqualTo(HttpStatusCode.Unauthorized));

        Assert.That(await GetAsync("fs_unknown"), Is.EqualTo(HttpStatusCode.TooManyRequests));
        Assert.That((await PostAsync()).Status, Is.EqualTo(HttpStatusCode.TooManyRequests));
        Assert.That(await GetAsync(await server.IssueKeyAsync(AccessScopes.Read)), Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public void Default_IsALimitWithoutAKey_AndNoneWithOne()
    {
        using var unset = new TestServer("Production");
        var options = unset.Services.GetRequiredService<IOptionsMonitor<RateLimitOptions>>();

        Assert.That(options.CurrentValue.Requests, Is.Zero);
        Assert.That(options.Get(RateLimitOptions.WithoutKey).Requests, Is.EqualTo(50));
        Assert.That(options.Get(RateLimitOptions.WithoutKey).Burst, Is.EqualTo(500));
    }

    private async Task<(HttpStatusCode Status, int Sent)> PostAsync()
    {
        var body = new CountedBody("image_id=1&api_key=fs_wrong", CountedBody.NeverSentUnread, "", FormType);
        using var answer = await client.PostAsync(Route, body);
        return (answer.StatusCode, body.Sent);
    }

    private async Task<HttpStatusCode> GetAsync(string key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/collections");
        request.Headers.Add("X-Api-Key", key);
        using var answer = await client.SendAsync(request);
        return answer.StatusCode;
    }
}
