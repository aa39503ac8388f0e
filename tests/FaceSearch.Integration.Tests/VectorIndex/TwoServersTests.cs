using System.Net;
using System.Net.Http.Json;
using FaceSearch.Api.Tests.Support;
using FaceSearch.Domain.Access;
using FaceSearch.Infrastructure.Persistence;
using FaceSearch.Integration.Tests.Persistence;
using Microsoft.EntityFrameworkCore;

namespace FaceSearch.Integration.Tests.VectorIndex;

/// <summary>API keys and idempotency keys, used at two servers on one database.</summary>
internal sealed class TwoServersTests(DatabaseProvider provider) : DatabaseTests(provider)
{

    [Test]
    public async Task Revoke_AtOneServer_IsRefusedByTheOther()
    {
        using var admin = Server.CreateClient(await Server.IssueKeyAsync(AccessScopes.All));
        var key = await Server.IssueKeyAsync(AccessScopes.Read);
        using var other = Database.NewServer().CreateClient(key);
        Assert.That((await other.GetAsync("/v1/collections")).StatusCode, Is.EqualTo(HttpStatusCode.OK));
        var hash = ApiKey.HashOf(key);
        var keyId = await WithAsync(db => db.ApiKeys.Where(k => k.Hash == hash).Select(k => k.Id).SingleAsync());

        await admin.DeleteAsync($"/v1/keys/{keyId}");

        Assert.That(
            await EventuallyAsync(
                async () => (await other.GetAsync("/v1/collections")).StatusCode == HttpStatusCode.Unauthorized),
            Is.True);
    }

    [Test]
    public async Task IdempotencyKey_AtBothAtOnce_HasOneEffect()
    {
        var key = await Server.IssueKeyAsync(AccessScopes.All);
        using var one = Server.CreateClient(key);
        using var other = Database.NewServer().CreateClient(key);

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => CreateAsync(i % 2 == 0 ? one : other)));

        Assert.That(answers.Select(answer => answer.StatusCode), Is.All.EqualTo(HttpStatusCode.Created));
        Assert.That(answers.Count(answer => !answer.Headers.Contains("Idempotency-Replayed")), Is.EqualTo(1));
    }

    [Test]
    public async Task Audit_OnBothDatabases_ListsWhatWasDone()
    {
        using var admin = Server.CreateClient(await Server.IssueKeyAsync(AccessScopes.All));
        await CreateAsync(admin);

        var page = await (await admin.GetAsync("/v1/audit?action=createCollection&collection=once")).ReadJsonAsync();

        Assert.That(page.GetProperty("entries").GetArrayLength(), Is.EqualTo(1));
    }

    private static async Task<HttpResponseMessage> CreateAsync(HttpClient client)
    {
        for (var deadline = DateTime.UtcNow + Patience; ; await Task.Delay(20))
        {
            var answer = await client.PostOnceAsync("/v1/collections", JsonContent.Create(new { name = "once" }), "the-key");
            if (answer.StatusCode != HttpStatusCode.Conflict || DateTime.UtcNow > deadline)
                return answer;
        }
    }
}
