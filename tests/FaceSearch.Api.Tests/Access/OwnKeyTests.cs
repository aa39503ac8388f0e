using System.Net;
using FaceSearch.Api.Tests.Support;
using FaceSearch.Domain.Access;

namespace FaceSearch.Api.Tests.Access;

/// <summary>One key by its id, and the caller's own.</summary>
[Category("Fault-E5")]
internal sealed class OwnKeyTests : FacesFixture
{
    [Test]
    public async Task Self_AnyScope_HasTheScopesCollectionsAndExpiryOfTheKey(
        [Values(AccessScopes.Search, AccessScopes.Read, AccessScopes.Write, AccessScopes.Admin)] AccessScopes scope)
    {
        var expiry = new DateTime(2100, 1, 2, 3, 4, 5, DateTimeKind.Utc);
        using var bound = Server.CreateClient(await Server.IssueKeyAsync(scope, expiry, CollectionName));

        var answer = await bound.GetAsync("/v1/keys/self");
        var key = await answer.ReadJsonAsync();

        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(key.Texts("scopes"), Is.EqualTo(new[] { scope.ToString().ToLowerInvariant() }));
        Assert.That(key.Texts("collections"), Is.EqualTo(new[] { CollectionName }));
        Assert.That(key.GetProperty("expiresAt").GetDateTime(), Is.EqualTo(expiry));
        Assert.That(key.TryGetProperty("secret", out _), Is.False);
    }

    [Test]
    public async Task Self_WithoutAKey_Is401AlsoInDevelopment()
    {
        using var none = Server.CreateClient();

        await AssertProblemAsync(await none.GetAsync("/v1/keys/self"), HttpStatusCode.Unauthorized, "unauthorized");
    }

    [Test]
    public async Task Get_ById_IsTheKeyOfTheList()
    {
        var listed = (await (await Client.GetAsync("/v1/keys")).ReadJsonAsync()).GetProperty("keys")[0];

        var one = await (await Client.GetAsync($"/v1/keys/{listed.Text("keyId")}")).ReadJsonAsync();

        Assert.That(one.ToString(), Is.EqualTo(listed.ToString()));
        await AssertProblemAsync(await Client.GetAsync("/v1/keys/999999"), HttpStatusCode.NotFound, "key-not-found");
    }
}
