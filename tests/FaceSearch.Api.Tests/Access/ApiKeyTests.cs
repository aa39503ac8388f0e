using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using FaceSearch.Api.Tests.Support;
using FaceSearch.Application.Abstractions;
using FaceSearch.Application.Access;
using FaceSearch.Domain.Access;
using Microsoft.Extensions.DependencyInjection;

namespace FaceSearch.Api.Tests.Access;

internal sealed class ApiKeyTests
{
    private TestServer server;
    private HttpClient admin;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        server = new TestServer("Production");
        admin = server.CreateClient(await server.IssueKeyAsync(AccessScopes.All));
    }

    [OneTimeTearDown]
    public void Stop()
    {
        admin.Dispose();
        server.Dispose();
    }

    [Test]
    public async Task Issue_AnswersTheKeyOnce_AndListsItWithoutItsSecret()
    {
        var expiry = new DateTime(2099, 1, 2, 3, 4, 5, DateTimeKind.Utc);
        var answer = await IssueAsync(new { name = "web", scopes = new[] { "search", "read" }, collections = new[] { "default" }, expiresAt = expiry });
        var key = (await answer.ReadJsonAsync()).GetProperty("key");
        var listed = await FindAsync(key.GetProperty("keyId").GetString()!);

        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.Created));
        Assert.That(answer.Headers.CacheControl!.NoStore, Is.True);
        Assert.That(key.GetProperty("secret").GetString(), Has.Length.EqualTo(67).And.StartWith("fs_"));
        Assert.That(key.GetProperty("name").GetString(), Is.EqualTo("web"));
        Assert.That(listed.TryGetProperty("secret", out _), Is.False);
        Assert.That(listed.GetProperty("scopes").EnumerateArray().Select(s => s.GetString()), Is.EqualTo(new[] { "search", "read" }));
        Assert.That(listed.GetProperty("collections")[0].GetString(), Is.EqualTo("default"));
        Assert.That(listed.GetProperty("expiresAt").GetDateTime(), Is.EqualTo(expiry));
        Assert.That(listed.GetProperty("lastUsedAt").ValueKind, Is.EqualTo(JsonValueKind.Null));
    }

    [Test]
    public async Task Issue_NameThatIsTaken_Is409()
    {
        await IssueAsync(new { name = "twice", scopes = new[] { "read" } });

        Assert.That(await (await IssueAsync(new { name = "twice", scopes = new[] { "write" } })).ReadProblemAsync(), Is.EqualTo("key-name-taken"));
    }

    private static IEnumerable<TestCaseData> Invalid()
    {
        yield return new TestCaseData(new { name = "", scopes = new[] { "read" } }, "name");
        yield return new TestCaseData(new { name = "a", scopes = Array.Empty<string>() }, "scopes");
        yield return new TestCaseData(new { name = "a", scopes = new[] { 99 } }, "scopes");
        yield return new TestCaseData(new { name = "a", scopes = new[] { "read" }, collections = Array.Empty<string>() }, "collections");
        yield return new TestCaseData(new { name = "a", scopes = new[] { "read" }, expiresAt = "2001-01-01T00:00:00Z" }, "expiresAt");
    }

    [TestCaseSource(nameof(Invalid))]
    public async Task Issue_InvalidField_Is400AndNamesIt(object body, string field)
    {
        var answer = await IssueAsync(body);

        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.BadRequest));
        Assert.That(
            (await answer.ReadJsonAsync()).GetProperty("errors").EnumerateObject().Select(error => error.Name),
            Has.Some.Contains(field));
    }

    [Test]
    public async Task Issue_UnknownCollection_Is404() =>
        Assert.That(
            await (await IssueAsync(new { name = "nowhere", scopes = new[] { "read" }, collections = new[] { "nope" } })).ReadProblemAsync(),
            Is.EqualTo("collection-not-found"));

    [Test]
    public async Task Revoke_LastLastingAdminKey_Is409()
    {
        using var own = new TestServer("Production");
        var secret = await own.IssueKeyAsync(AccessScopes.Admin);
        await own.IssueKeyAsync(AccessScopes.All, DateTime.UtcNow.AddDays(1));
        await own.IssueKeyAsync(AccessScopes.All, null, "default");
        using var client = own.CreateClient(secret);
        var keys = (await (await client.GetAsync("/v1/keys")).ReadJsonAsync()).GetProperty("keys").EnumerateArray()
            .Where(key => key.GetProperty("scopes").EnumerateArray().Any(scope => scope.GetString() == "admin"))
            .Where(key => key.GetProperty("collections").ValueKind == JsonValueKind.Null && key.GetProperty("expiresAt").ValueKind == JsonValueKind.Null)
            .Select(key => key.GetProperty("keyId").GetString()).ToArray();

        var first = await client.DeleteAsync($"/v1/keys/{keys[0]}");
        var last = await client.DeleteAsync($"/v1/keys/{keys[1]}");

        Assert.That(keys, Has.Length.EqualTo(2));
        Assert.That(first.StatusCode, Is.EqualTo(HttpStatusCode.NoContent));
        Assert.That(await last.ReadProblemAsync(), Is.EqualTo("last-admin-key"));
    }

    [TestCase("999999")]
    [TestCase("no-id")]
    public async Task Revoke_NoSuchKey_Is404(string id) =>
        Assert.That(await (await admin.DeleteAsync($"/v1/keys/{id}")).ReadProblemAsync(), Is.EqualTo("key-not-found"));

    [Test]
    public async Task LastUsedAt_IsStoredToTheMinute()
    {
        var key = (await (await IssueAsync(new { name = "used", scopes = new[] { "read" } })).ReadJsonAsync()).GetProperty("key");
        using var user = server.CreateClient(key.GetProperty("secret").GetString()!);
        await user.GetAsync("/v1/collections");
        await using (var scope = server.Services.CreateAsyncScope())
        {
            await server.Services.GetRequiredService<ApiKeyUsage>().WriteAsync(
                scope.ServiceProvider.GetRequiredService<IFaceSearchDbContext>(), CancellationToken.None);
        }

        var used = (await FindAsync(key.GetProperty("keyId").GetString()!)).GetProperty("lastUsedAt").GetDateTime();

        Assert.That(used, Is.EqualTo(DateTime.UtcNow).Within(TimeSpan.FromMinutes(2)));
        Assert.That((used.Second, used.Millisecond), Is.EqualTo((0, 0)));
    }

    [Test]
    public async Task Key_InUse_NeedsNoDatabase()
    {
        var secret = await server.IssueKeyAsync(AccessScopes.Read);
        var keys = server.Services.GetRequiredService<ApiKeyCache>();
        Assert.That(keys.Find(secret), Is.Null);
        using var user = server.CreateClient(secret);
        await user.GetAsync("/v1/collections");

        Assert.That(keys.Find(secret)!.Scopes, Is.EqualTo(AccessScopes.Read));
    }

    private Task<HttpResponseMessage> IssueAsync(object body) => admin.PostAsJsonAsync("/v1/keys", body);

    private async Task<JsonElement> FindAsync(string keyId) =>
        (await (await admin.GetAsync("/v1/keys?limit=500")).ReadJsonAsync()).GetProperty("keys").EnumerateArray()
            .Single(key => key.GetProperty("keyId").GetString() == keyId);
}
