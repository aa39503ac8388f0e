using System.Net;
using System.Text;
using FaceSearch.Api.Tests.Support;
using FaceSearch.Application.Access;
using FaceSearch.Domain.Access;
using FaceSearch.TestSupport;
using Mediator;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace FaceSearch.Api.Tests.Access;

/// <summary>Every route with every kind of key, on one server.</summary>
internal sealed class AccessTests
{
    private const string Unknown = "fs_unknown";

    private static readonly AccessScopes[] Scopes =
        [AccessScopes.Search, AccessScopes.Read, AccessScopes.Write, AccessScopes.Admin];

    private readonly Dictionary<AccessScopes, string> keys = [];
    private TestServer server;
    private HttpClient client;
    private string boundToDefault, boundToOther, expired, revoked, jobId, imageId;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        server = new TestServer("Production");
        client = server.CreateClient();
        using var admin = server.CreateClient(await server.IssueKeyAsync(AccessScopes.All));
        (await admin.PostAsync("/v1/collections", Json("""{"name":"other"}"""))).EnsureSuccessStatusCode();
        var added = await (await admin.PostPictureAsync("/add_face", StandInEncoders.Picture(1f))).ReadJsonAsync();
        imageId = added.GetProperty("face").GetProperty("imageId").GetString()!;
        var bulk = await admin.PostPictureAsync("/add_faces_in_bulk", Archives.Zip(("a.png", StandInEncoders.Picture(2f))));
        jobId = (await bulk.ReadJsonAsync()).GetProperty("jobId").GetString()!;

        foreach (var scope in Scopes.SelectMany(scope => new[] { scope, AccessScopes.All & ~scope }))
            keys[scope] = await server.IssueKeyAsync(scope);
        keys[AccessScopes.All & ~(AccessScopes.Read | AccessScopes.Write)] =
            await server.IssueKeyAsync(AccessScopes.All & ~(AccessScopes.Read | AccessScopes.Write));
        boundToDefault = await server.IssueKeyAsync(AccessScopes.All, null, "default");
        boundToOther = await server.IssueKeyAsync(AccessScopes.All, null, "other");
        expired = await server.IssueKeyAsync(AccessScopes.All, DateTime.UtcNow.AddSeconds(-1));
        revoked = await RevokedKeyAsync(admin);
    }

    [OneTimeTearDown]
    public void Stop()
    {
        client.Dispose();
        server.Dispose();
    }

    [TestCaseSource(typeof(AccessTable), nameof(AccessTable.Rows))]
    public async Task Route_EveryKey_IsAuthorisedAsInTheTable(DocumentedAccess row)
    {
        foreach (var key in new[] { null, Unknown, expired, revoked })
            await ExpectAsync(row, key, row.Reach == Reach.Open ? "in" : "401", key ?? "no key");
        if (row.Reach == Reach.Open)
            return;

        // First, because an authorised key may remove the resource.
        var elsewhere = row.Reach switch
        {
            Reach.Collection or Reach.Server => "403",
            Reach.Id => "404",
            _ => "in",
        };
        await ExpectAsync(row, boundToOther, elsewhere, "bound to another collection");
        foreach (var (scopes, key) in keys)
            await ExpectAsync(row, key, (scopes & row.Scopes) != 0 ? "in" : "403", scopes.ToString());
        await ExpectAsync(row, boundToDefault, row.Reach == Reach.Server ? "403" : "in", "bound to 'default'");
    }

    [Category("Fault-E3")]
    [TestCaseSource(typeof(AccessTable), nameof(AccessTable.Reads))]
    public async Task Head_EveryKey_IsAuthorisedAsGet(DocumentedAccess row)
    {
        foreach (var key in new[] { null, Unknown, expired, boundToDefault, boundToOther }.Concat(keys.Values))
        {
            using var get = await SendAsync(row, key);
            using var head = await SendAsync(row, key, HttpMethod.Head);
            Assert.That(head.StatusCode, Is.EqualTo(get.StatusCode), $"{row} with {key}");
        }
    }

    [Test]
    public void EveryRoute_HasARow() =>
        Assert.That(Routes().Except(AccessTable.Rows.Select(row => row.Route)), Is.Empty);

    [Test]
    public void EveryRow_HasARoute() =>
        Assert.That(AccessTable.Rows.Select(row => row.Route).Except(Routes()), Is.Empty);

    [Test]
    public async Task Lists_BoundKey_HaveOnlyItsCollections()
    {
        using var bound = server.CreateClient(boundToOther);

        var collections = await (await bound.GetAsync("/v1/collections")).ReadJsonAsync();
        var jobs = await (await bound.GetAsync("/v1/jobs")).ReadJsonAsync();

        Assert.That(
            collections.GetProperty("collections").EnumerateArray().Select(c => c.GetProperty("name").GetString()),
            Is.EqualTo(new[] { "other" }));
        Assert.That(jobs.GetProperty("jobs").GetArrayLength(), Is.Zero);
    }

    [Test]
    public async Task Development_WrongKey_Is401AlsoOnOpenRoutes()
    {
        using var development = new TestServer();
        using var wrong = development.CreateClient(Unknown);
        using var none = development.CreateClient();

        Assert.That((await SearchAsync(wrong)).StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
        Assert.That((await SearchAsync(none)).StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task Development_AnonymousTurnedOff_Is401()
    {
        using var development = new TestServer();
        development.Settings["Access:AnonymousInDevelopment"] = "false";
        using var none = development.CreateClient();

        Assert.That((await SearchAsync(none)).StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
    }

    [Test]
    public async Task FirstStart_ShowsAnAdminKeyThatWorks_AndNeverAgain()
    {
        var console = new StringWriter();
        var original = Console.Out;
        Console.SetOut(console);
        try
        {
            using var first = new TestServer("Production");
            using var none = first.CreateClient();
            var key = console.ToString().Split().Single(word => word.StartsWith("fs_", StringComparison.Ordinal));
            using var admin = first.CreateClient(key);
            await using var scope = first.Services.CreateAsyncScope();
            var again = await scope.ServiceProvider.GetRequiredService<ISender>().Send(new EnsureAdminKeyCommand());

            Assert.That((await SearchAsync(admin)).StatusCode, Is.EqualTo(HttpStatusCode.OK));
            Assert.That(again.Value, Is.Null);
        }
        finally
        {
            Console.SetOut(original);
        }
    }

    private static Task<HttpResponseMessage> SearchAsync(HttpClient client) =>
        client.PostPictureAsync("/search_faces/", StandInEncoders.Picture(1f));

    /// <summary>The key was used, so this process has it in memory.</summary>
    private async Task<string> RevokedKeyAsync(HttpClient admin)
    {
        var answer = await admin.PostAsync(
            "/v1/keys", Json("""{"name":"to be revoked","scopes":["search","read","write","admin"]}"""));
        var key = (await answer.ReadJsonAsync()).GetProperty("key");
        var secret = key.GetProperty("secret").GetString()!;
        using var user = server.CreateClient(secret);
        (await user.GetAsync("/v1/jobs")).EnsureSuccessStatusCode();
        (await admin.DeleteAsync($"/v1/keys/{key.GetProperty("keyId").GetString()}")).EnsureSuccessStatusCode();
        return secret;
    }

    private async Task ExpectAsync(DocumentedAccess row, string? key, string expected, string who)
    {
        using var answer = await SendAsync(row, key);
        var status = (int)answer.StatusCode;

        if (expected == "in")
            Assert.That(status, Is.Not.AnyOf(401, 403).And.LessThan(500), $"{row} with {who}");
        else
            Assert.That(status.ToString(), Is.EqualTo(expected), $"{row} with {who}");
    }

    private async Task<HttpResponseMessage> SendAsync(DocumentedAccess row, string? key, HttpMethod? method = null)
    {
        using var request = AccessRequests.Of(row, jobId, imageId);
        request.Method = method ?? request.Method;
        if (key is not null)
            request.Headers.Add("X-Api-Key", key);
        return await client.SendAsync(request);
    }

    private static StringContent Json(string json) => new(json, Encoding.UTF8, "application/json");

    /// <summary>The routes of the running server. The documentation page has routes for its own scripts, all below it.</summary>
    private HashSet<string> Routes() =>
        [.. server.Services.GetServices<EndpointDataSource>()
            .SelectMany(source => source.Endpoints)
            .OfType<RouteEndpoint>()
            .SelectMany(MethodsAndPattern)
            .Select(route => route.StartsWith("GET /docs", StringComparison.Ordinal) ? "GET /docs" : route)];

    private static IEnumerable<string> MethodsAndPattern(RouteEndpoint endpoint)
    {
        var methods = endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? [];
        return (methods.Count == 0 ? ["GET"] : methods)
            .Select(method => $"{method} /{endpoint.RoutePattern.RawText?.Trim('/')}");
    }
}
