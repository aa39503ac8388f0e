using System.Net.Http.Json;
using System.Text.Json;
using FaceSearch.Api.Tests.Support;
using FaceSearch.Application.Abstractions;
using FaceSearch.Application.Audit;
using FaceSearch.Domain.Access;
using FaceSearch.Domain.Audit;
using FaceSearch.TestSupport;
using Mediator;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace FaceSearch.Api.Tests.Access;

internal sealed class AuditTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private TestServer server;
    private HttpClient admin;
    private string adminKey;

    [SetUp]
    public async Task StartAsync()
    {
        server = new TestServer("Production");
        server.Settings["Database:TimeoutSeconds"] = "1";
        adminKey = await server.IssueKeyAsync(AccessScopes.All);
        admin = server.CreateClient(adminKey);
    }

    [TearDown]
    public void Stop()
    {
        admin.Dispose();
        server.Dispose();
    }

    [Test]
    public async Task Change_IsCommittedBeforeItsAnswer()
    {
        var added = await (await admin.PostPictureAsync("/add_face", StandInEncoders.Picture(1f))).ReadJsonAsync();
        var afterAdd = await NewestAsync();
        await admin.PostAsJsonAsync("/v1/collections", new { name = "staff" });
        var afterCreate = await NewestAsync();
        var key = (await (await admin.PostAsJsonAsync("/v1/keys", new { name = "k", scopes = new[] { "read" } })).ReadJsonAsync()).GetProperty("key");
        var afterIssue = await NewestAsync();
        await admin.DeleteAsync("/v1/collections/staff");
        var afterRemove = await NewestAsync();

        var adminId = await IdOfAsync(adminKey);
        Assert.That(Told(afterAdd), Is.EqualTo((adminId, "addFace", "default", added.GetProperty("face").GetProperty("faceId").GetString(), 201)));
        Assert.That(Told(afterCreate), Is.EqualTo((adminId, "createCollection", "staff", "staff", 201)));
        Assert.That(Told(afterIssue), Is.EqualTo((adminId, "issueKey", (string?)null, key.GetProperty("keyId").GetString(), 201)));
        Assert.That(Told(afterRemove), Is.EqualTo((adminId, "removeCollection", "staff", (string?)null, 204)));
    }

    [Test, Category("Fault-C13")]
    public async Task ChangeWhoseCallerDisconnects_HasItsOutcome()
    {
        Stop();
        server = new TestServer("Production");
        server.Settings["Erasure:WaitSeconds"] = "1";
        admin = server.CreateClient(await server.IssueKeyAsync(AccessScopes.All));
        await admin.PostPictureAsync("/add_face", StandInEncoders.Picture(1f), "Ada_Lovelace_0001.png");
        var personId = await WithDbAsync(db => db.Persons.Select(person => person.Id).SingleAsync());
        // An open read transaction of another connection keeps the erasure's job from ending.
        await using var reader = new SqliteConnection($"Data Source={server.DatabaseFile}");
        await reader.OpenAsync();
        await using var reading = reader.BeginTransaction(deferred: true);
        await new SqliteCommand("SELECT COUNT(*) FROM Faces", reader, reading).ExecuteScalarAsync();
        using var hangUp = new CancellationTokenSource();
        var erasure = admin.DeleteAsync($"/v1/collections/default/persons/{personId}", hangUp.Token);
        while (await WithDbAsync(db => db.Persons.AnyAsync()))
            await Task.Yield();

        await hangUp.CancelAsync();

        Assert.That(() => erasure, Throws.InstanceOf<OperationCanceledException>());
        Assert.That((await EventuallyAsync(2)).Select(entry => (entry.Action, entry.Status)), Is.EquivalentTo(new[] { ("addFace", 201), ("erasePerson", 202) }));
    }

    [Test]
    public async Task SearchesReadsAndRefusals_AreWrittenInTheBackground()
    {
        var searcher = await server.IssueKeyAsync(AccessScopes.Search);
        var expired = await server.IssueKeyAsync(AccessScopes.All, DateTime.UtcNow.AddSeconds(-1));
        using var client = server.CreateClient(searcher);
        using var late = server.CreateClient(expired);
        using var stranger = server.CreateClient("fs_unknown");
        await client.PostPictureAsync("/search_faces", StandInEncoders.Picture(1f));
        await client.GetAsync("/v1/collections/default");
        await late.GetAsync("/v1/collections/default");
        await stranger.GetAsync("/v1/collections/default");
        await admin.GetAsync("/v1/collections/Not_a-Name");

        var entries = await EventuallyAsync(4);

        var (searcherId, expiredId, adminId) = (await IdOfAsync(searcher), await IdOfAsync(expired), await IdOfAsync(adminKey));
        Assert.That(entries.Select(Told), Is.EquivalentTo(new (long?, string, string?, string?, int)[]
        {
            (searcherId, "searchFaces", "default", null, 200),
            (searcherId, "getCollection", "default", null, 403),
            (expiredId, "getCollection", "default", null, 401),
            (adminId, "getCollection", null, null, 404),
        }));
    }

    [Test]
    public async Task List_NewestFirst_FilteredAndPaged()
    {
        foreach (var name in new[] { "a", "b", "c" })
            await admin.PostAsJsonAsync("/v1/collections", new { name });
        await admin.DeleteAsync("/v1/collections/b");

        var first = await (await admin.GetAsync("/v1/audit?action=createCollection&limit=2")).ReadJsonAsync();
        var rest = await (await admin.GetAsync($"/v1/audit?action=createCollection&limit=2&cursor={first.GetProperty("nextCursor").GetString()}")).ReadJsonAsync();
        var ofB = await (await admin.GetAsync("/v1/audit?collection=b")).ReadJsonAsync();

        Assert.That(Subjects(first).Concat(Subjects(rest)), Is.EqualTo(new[] { "c", "b", "a" }));
        Assert.That(rest.TryGetProperty("nextCursor", out _), Is.False);
        Assert.That(
            ofB.GetProperty("entries").EnumerateArray().Select(entry => entry.GetProperty("action").GetString()),
            Is.EqualTo(new[] { "removeCollection", "createCollection" }));
    }

    [Test]
    public async Task Stop_WritesQueuedEntries()
    {
        await admin.PostPictureAsync("/search_faces", StandInEncoders.Picture(1f));

        // A host may be stopped twice at once.
        var host = server.Services.GetRequiredService<Microsoft.Extensions.Hosting.IHost>();
        Task[] stops = [host.StopAsync(), host.StopAsync()];
        await await Task.WhenAny(stops);

        using var database = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={server.DatabaseFile}");
        database.Open();
        using var count = database.CreateCommand();
        count.CommandText = "SELECT COUNT(*) FROM audit_entries WHERE Action = 'searchFaces'";
        Assert.That(count.ExecuteScalar(), Is.EqualTo(1L));
        await Task.WhenAll(stops);
    }

    [Test]
    public async Task Change_DatabaseFailsMeanwhile_IsWrittenAfterTheOutage()
    {
        var log = server.Services.GetRequiredService<AuditLog>();
        using (var other = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={server.DatabaseFile}"))
        {
            other.Open();
            using var locked = other.BeginTransaction();
            await log.WriteAsync(new AuditEntry { Action = "addFace", At = DateTime.UtcNow, Status = 201 });
            Assert.That(await WithDbAsync(db => db.AuditEntries.CountAsync()), Is.Zero);
        }

        Assert.That((await EventuallyAsync(1)).Single().Action, Is.EqualTo("addFace"));
    }

    [Test]
    public async Task Prune_DeletesEntriesOlderThanKeepDays()
    {
        await WithDbAsync(async db =>
        {
            db.AuditEntries.AddRange(
                new AuditEntry { Action = "old", At = DateTime.UtcNow.AddDays(-91), Status = 200 },
                new AuditEntry { Action = "young", At = DateTime.UtcNow.AddDays(-89), Status = 200 });
            return await db.SaveChangesAsync(CancellationToken.None);
        });
        await using var scope = server.Services.CreateAsyncScope();

        await scope.ServiceProvider.GetRequiredService<ISender>().Send(new PruneAuditEntriesCommand());

        Assert.That(await WithDbAsync(db => db.AuditEntries.Select(e => e.Action).ToListAsync()), Is.EqualTo(new[] { "young" }));
    }

    private static (long? Key, string Action, string? Collection, string? Subject, int Status) Told(AuditEntry entry) =>
        (entry.ApiKeyId, entry.Action, entry.Collection, entry.Subject, entry.Status);

    private static IEnumerable<string?> Subjects(JsonElement page) =>
        page.GetProperty("entries").EnumerateArray().Select(entry => entry.GetProperty("subject").GetString());

    private Task<AuditEntry> NewestAsync() =>
        WithDbAsync(db => db.AuditEntries.AsNoTracking().OrderByDescending(entry => entry.Id).FirstAsync());

    private async Task<List<AuditEntry>> EventuallyAsync(int count)
    {
        var deadline = DateTime.UtcNow + Patience;
        while (true)
        {
            var entries = await WithDbAsync(db => db.AuditEntries.AsNoTracking().ToListAsync());
            if (entries.Count >= count || DateTime.UtcNow > deadline)
                return entries;
            await Task.Delay(20);
        }
    }

    private Task<long> IdOfAsync(string secret)
    {
        var hash = ApiKey.HashOf(secret);
        return WithDbAsync(db => db.ApiKeys.Where(key => key.Hash == hash).Select(key => key.Id).SingleAsync());
    }

    private async Task<T> WithDbAsync<T>(Func<IFaceSearchDbContext, Task<T>> use)
    {
        await using var scope = server.Services.CreateAsyncScope();
        return await use(scope.ServiceProvider.GetRequiredService<IFaceSearchDbContext>());
    }
}
