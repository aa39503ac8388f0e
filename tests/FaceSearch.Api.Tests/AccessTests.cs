using System.Net;
using FaceSearch.Application.Access;
using FaceSearch.Domain.Access;
using FaceSearch.TestSupport;
using Mediator;
using Microsoft.Extensions.DependencyInjection;

namespace FaceSearch.Api.Tests;

internal sealed class AccessTests
{
    private static readonly string[] GuardedRoutes =
        ["POST /search_faces/", "POST /add_face/", "POST /add_faces_in_bulk/", "POST /get_face_info/", "GET /v1/jobs/1",
        "GET /v1/jobs", "GET /v1/jobs/1/items", "POST /v1/jobs/1/cancel", "POST /v1/jobs/1/retry"];

    [TestCaseSource(nameof(GuardedRoutes))]
    public async Task Production_NoKey_Is401(string route)
    {
        using var server = new TestServer("Production");
        using var client = server.CreateClient();

        Assert.That(await SendAsync(client, route), Is.EqualTo(HttpStatusCode.Unauthorized));
    }

    [TestCase("POST /search_faces/", AccessScopes.Search)]
    [TestCase("POST /add_face/", AccessScopes.Write)]
    [TestCase("POST /add_faces_in_bulk/", AccessScopes.Write)]
    [TestCase("POST /get_face_info/", AccessScopes.Read)]
    [TestCase("GET /v1/jobs/1", AccessScopes.Read)]
    [TestCase("GET /v1/jobs/1", AccessScopes.Write)]
    [TestCase("GET /v1/jobs", AccessScopes.Read)]
    [TestCase("GET /v1/jobs/1/items", AccessScopes.Write)]
    [TestCase("POST /v1/jobs/1/cancel", AccessScopes.Write)]
    [TestCase("POST /v1/jobs/1/retry", AccessScopes.Write)]
    public async Task Production_RightScope_LetsIn(string route, AccessScopes scopes)
    {
        using var server = new TestServer("Production");
        using var client = server.CreateClient();
        client.DefaultRequestHeaders.Add("X-Api-Key", await server.IssueKeyAsync(scopes));

        Assert.That(
            await SendAsync(client, route),
            Is.Not.EqualTo(HttpStatusCode.Unauthorized).And.Not.EqualTo(HttpStatusCode.Forbidden));
    }

    [TestCase("POST /search_faces/", AccessScopes.Search)]
    [TestCase("POST /add_face/", AccessScopes.Write)]
    [TestCase("POST /add_faces_in_bulk/", AccessScopes.Write)]
    [TestCase("POST /get_face_info/", AccessScopes.Read)]
    [TestCase("POST /v1/jobs/1/cancel", AccessScopes.Write)]
    [TestCase("POST /v1/jobs/1/retry", AccessScopes.Write)]
    public async Task Production_EveryOtherScope_Is403(string route, AccessScopes scope)
    {
        using var server = new TestServer("Production");
        using var client = server.CreateClient();
        client.DefaultRequestHeaders.Add("X-Api-Key", await server.IssueKeyAsync(AccessScopes.All & ~scope));

        Assert.That(await SendAsync(client, route), Is.EqualTo(HttpStatusCode.Forbidden));
    }

    [TestCase("/health/live")]
    [TestCase("/health/ready")]
    public async Task Production_Health_NeedsNoKey(string route)
    {
        using var server = new TestServer("Production");
        using var client = server.CreateClient();

        Assert.That((await client.GetAsync(route)).StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task Development_WrongKey_Is401EvenWhereNoneIsNeeded()
    {
        using var server = new TestServer();
        using var client = server.CreateClient();
        client.DefaultRequestHeaders.Add("X-Api-Key", "fs_wrong");

        Assert.That(await SendAsync(client, "POST /search_faces/"), Is.EqualTo(HttpStatusCode.Unauthorized));
    }

    [Test]
    public async Task Development_AnonymousTurnedOff_Is401()
    {
        using var server = new TestServer();
        server.Settings["Access:AnonymousInDevelopment"] = "false";
        using var client = server.CreateClient();

        Assert.That(await SendAsync(client, "POST /search_faces/"), Is.EqualTo(HttpStatusCode.Unauthorized));
    }

    [Test]
    public async Task FirstStart_ShowsAnAdminKeyThatWorks_AndNeverAgain()
    {
        var console = new StringWriter();
        var original = Console.Out;
        Console.SetOut(console);
        try
        {
            using var server = new TestServer("Production");
            using var client = server.CreateClient();
            var key = console.ToString().Split().Single(word => word.StartsWith("fs_", StringComparison.Ordinal));
            client.DefaultRequestHeaders.Add("X-Api-Key", key);
            await using var scope = server.Services.CreateAsyncScope();
            var again = await scope.ServiceProvider.GetRequiredService<ISender>().Send(new EnsureAdminKeyCommand());

            Assert.That(await SendAsync(client, "POST /search_faces/"), Is.EqualTo(HttpStatusCode.OK));
            Assert.That(again.Value, Is.Null);
        }
        finally
        {
            Console.SetOut(original);
        }
    }

    private static async Task<HttpStatusCode> SendAsync(HttpClient client, string route)
    {
        var parts = route.Split(' ');
        var response = parts[0] == "GET"
            ? await client.GetAsync(parts[1])
            : await client.PostPictureAsync(parts[1], StandInEncoders.Picture(1f));
        return response.StatusCode;
    }
}
