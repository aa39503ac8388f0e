using System.Net;
using System.Text.Json;
using FaceSearch.Api.Tests.Support;
using FaceSearch.Infrastructure.Persistence;
using FaceSearch.Integration.Tests.Persistence;
using FaceSearch.Integration.Tests.Support;
using FaceSearch.TestSupport;

namespace FaceSearch.Integration.Tests.Processes;

/// <summary>The commands about keys, as processes, on the database of a server.</summary>
internal sealed class KeysCommandTests(DatabaseProvider provider) : DatabaseTests(provider)
{
    [Test]
    public async Task LostAdminKey_IsReplaced_WhileTheServerRuns()
    {
        using var anonymous = Server.CreateClient();
        using var first = await RunAsync("keys", "replace-admin", "Ada", "--verbose");
        var lost = SecretOf(first);
        using var before = Server.CreateClient(lost);
        Assert.That(await NamesAsync(before), Is.EqualTo(new[] { "admin", "Ada" }), "Without --revoke no key is revoked.");

        using var second = await RunAsync("keys", "replace-admin", "Bea", "--revoke", "Ada", "--verbose");
        using var after = Server.CreateClient(SecretOf(second));

        Assert.That(await NamesAsync(after), Is.EqualTo(new[] { "admin", "Bea" }));
        Assert.That(await EventuallyAsync(
            async () => (await before.GetAsync("/v1/keys")).StatusCode == HttpStatusCode.Unauthorized));
        Assert.That(await EntriesAsync(after, "issueKey"), Is.EqualTo(new[] { ((string?)null, "3", 201), (null, "2", 201) }));
        Assert.That(await EntriesAsync(after, "revokeKey"), Is.EqualTo(new[] { ((string?)null, "2", 204) }));
    }

    [Test]
    public async Task ReplaceAdmin_ForAnUnknownKey_IssuesNone()
    {
        using var anonymous = Server.CreateClient();

        using var refused = await RunAsync("keys", "replace-admin", "Ada", "--revoke", "Bea");
        using var list = await RunAsync("keys", "list", "--json");

        Assert.That(refused.ExitCode, Is.EqualTo(1));
        Assert.That(refused.Output, Is.Empty);
        Assert.That(refused.Error, Does.Contain("'Bea'"));
        Assert.That(Names(list.Json), Is.EqualTo(new[] { "admin" }), list.Error);
    }

    [Test]
    public async Task ReplaceAdmin_BeforeTheFirstStart_NeedsMigrate()
    {
        using var early = await RunAsync("keys", "replace-admin", "Ada");
        Assert.That(early.ExitCode, Is.EqualTo(1));
        Assert.That(early.Error, Does.Contain("'migrate'"));

        using var migrate = await RunAsync("migrate");
        using var issued = await RunAsync("keys", "replace-admin", "Ada");
        using var client = Server.CreateClient(SecretOf(issued));

        Assert.That(migrate.ExitCode, Is.Zero, migrate.Error);
        Assert.That(await NamesAsync(client), Is.EqualTo(new[] { "Ada" }), "The server issues no key of its own.");
    }

    private Task<WatchedProcess> RunAsync(params string[] arguments) =>
        ServerCommand.Start(Database.Folder, Database.Settings, arguments).EndAsync();

    /// <summary>Standard output has the secret alone, standard error never.</summary>
    private static string SecretOf(WatchedProcess run)
    {
        Assert.That(run.ExitCode, Is.Zero, run.Error);
        Assert.That(run.Output, Does.Match(@"^fs_[0-9a-f]{64}\s*$"));
        var secret = run.Output.Trim();
        Assert.That(run.Error, Does.Not.Contain(secret).And.Not.Contain(secret[3..]));
        return secret;
    }

    private static async Task<IEnumerable<string?>> NamesAsync(HttpClient client) =>
        Names(await (await client.GetAsync("/v1/keys")).ReadJsonAsync());

    private static IEnumerable<string?> Names(JsonElement keys) =>
        keys.GetProperty("keys").EnumerateArray().Select(key => key.GetProperty("name").GetString());

    /// <summary>The newest first.</summary>
    private static async Task<IEnumerable<(string? KeyId, string? Subject, int Status)>> EntriesAsync(HttpClient client, string action)
    {
        var log = await (await client.GetAsync($"/v1/audit?action={action}")).ReadJsonAsync();
        return log.GetProperty("entries").EnumerateArray().Select(entry => (
            entry.GetProperty("keyId").GetString(), entry.GetProperty("subject").GetString(), entry.GetProperty("status").GetInt32()));
    }
}
