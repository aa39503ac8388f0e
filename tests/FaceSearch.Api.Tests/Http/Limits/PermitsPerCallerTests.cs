using System.Net;
using FaceSearch.Api.Http.RateLimits;
using FaceSearch.Api.Tests.Support;
using FaceSearch.Domain.Access;
using FaceSearch.TestSupport;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace FaceSearch.Api.Tests.Http.Limits;

/// <summary>One caller's calls do not take the permits of all.</summary>
internal sealed class PermitsPerCallerTests
{
    private TestServer server;
    private HttpClient one, other;

    [SetUp]
    public async Task StartAsync()
    {
        server = new TestServer("Production");
        one = server.CreateClient(await server.IssueKeyAsync(AccessScopes.All));
        other = server.CreateClient(await server.IssueKeyAsync(AccessScopes.All));
        other.DefaultRequestHeaders.Add("X-Other", "1");
    }

    [TearDown]
    public void Stop()
    {
        one.Dispose();
        other.Dispose();
        server.Dispose();
    }

    [Test, Category("Fault-A7"), CancelAfter(60_000)]
    public async Task Searches_OfOneCallerThatHoldAllItsPermits_LeaveRoomForOthers(CancellationToken ct)
    {
        var release = new TaskCompletionSource();
        using var inEngine = new SemaphoreSlim(0);
        var http = server.Services.GetRequiredService<IHttpContextAccessor>();
        server.Encoders.BeforeWork = () =>
        {
            if (http.HttpContext!.Request.Headers.ContainsKey("X-Other"))
                return Task.CompletedTask;

            inEngine.Release();
            return release.Task;
        };

        var held = Enumerable.Range(0, 2 * ImageConcurrencyLimit.AtOnce).Select(_ => SearchAsync(one, ct)).ToArray();
        for (var i = 0; i < ImageConcurrencyLimit.AtOncePerCaller; i++)
            await inEngine.WaitAsync(ct);
        var others = await SearchAsync(other, ct);
        var further = inEngine.CurrentCount;
        release.SetResult();

        Assert.That(others, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(further, Is.Zero);
        Assert.That(await Task.WhenAll(held), Is.All.EqualTo(HttpStatusCode.OK), "the others waited for a permit");
    }

    private static async Task<HttpStatusCode> SearchAsync(HttpClient client, CancellationToken ct)
    {
        using var form = new MultipartFormDataContent { { new ByteArrayContent(StandInEncoders.Picture(1f)), "file", "x.png" } };
        using var answer = await client.PostAsync("/search_faces", form, ct);
        return answer.StatusCode;
    }
}
