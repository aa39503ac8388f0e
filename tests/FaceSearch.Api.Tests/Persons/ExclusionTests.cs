using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using FaceSearch.Api.Tests.Support;
using FaceSearch.Domain.Access;

namespace FaceSearch.Api.Tests.Persons;

internal sealed class ExclusionTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private TestServer server;
    private HttpClient client;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        server = new TestServer();
        client = server.CreateClient();
        client.DefaultRequestHeaders.Add("X-Api-Key", await server.IssueKeyAsync(AccessScopes.All));
    }

    [OneTimeTearDown]
    public void Stop()
    {
        client.Dispose();
        server.Dispose();
    }

    [Test]
    public async Task Exclude_Face_IsHonouredByTheNextSearch()
    {
        // Two faces of Ada, and one between Ada and Alan that was named Ada by mistake.
        var gallery = await StoreAsync();
        Assert.That(await PersonsFoundAsync(gallery, 1.5f), Is.EqualTo(new[] { "Ada", "Alan", "Ada" }));

        var excluded = await ExcludeAsync(gallery);

        Assert.That(excluded.StatusCode, Is.EqualTo(HttpStatusCode.Created));
        Assert.That((await excluded.ReadJsonAsync()).GetProperty("faceId").GetString(), Is.EqualTo(gallery.IdOf(1)));
        Assert.That(await PersonsFoundAsync(gallery, 1.5f), Is.EqualTo(new[] { null, "Alan" }), "the face itself has no person");
        Assert.That(await PersonsFoundAsync(gallery, 1.0f), Is.EqualTo(new[] { "Ada", null }), "a probe that looks like Ada");
    }

    [Test]
    public async Task RemoveExclusion_Face_EndsIt()
    {
        var gallery = await StoreAsync();
        await ExcludeAsync(gallery);
        await PersonsFoundAsync(gallery, 1.5f);

        var removed = await client.DeleteAsync(gallery.Path($"persons/{gallery.IdOf("Ada")}/exclusions/{gallery.IdOf(1)}"));
        var again = await client.DeleteAsync(gallery.Path($"persons/{gallery.IdOf("Ada")}/exclusions/{gallery.IdOf(1)}"));

        Assert.That(removed.StatusCode, Is.EqualTo(HttpStatusCode.NoContent));
        Assert.That((await again.ReadJsonAsync()).GetProperty("type").GetString(), Does.EndWith(":exclusion-not-found"));
        Assert.That(await PersonsFoundAsync(gallery, 1.5f), Is.EqualTo(new[] { null, "Alan", "Ada" }));
    }

    [Test]
    public async Task ListExclusions_Pages_HaveAll()
    {
        var gallery = await StoredGallery.StoreAsync(
            server, [.. Enumerable.Range(0, 5).Select(x => new WantedFace(x))], [.. Enumerable.Range(0, 5).Select(i => ("Ada", i))]);

        var first = await GetAsync(gallery, "exclusions?limit=3");
        var second = await GetAsync(gallery, $"exclusions?limit=3&cursor={first.GetProperty("nextCursor").GetString()}");

        Assert.That(FaceIds(first).Concat(FaceIds(second)), Is.EqualTo(Enumerable.Range(0, 5).Select(gallery.IdOf)));
        Assert.That(second.TryGetProperty("nextCursor", out _), Is.False);
    }

    [Test]
    public async Task Exclude_Twice_IsStoredOnce()
    {
        var gallery = await StoreAsync();

        var first = await (await ExcludeAsync(gallery)).ReadJsonAsync();
        var second = await (await ExcludeAsync(gallery)).ReadJsonAsync();

        Assert.That(second.GetRawText(), Is.EqualTo(first.GetRawText()));
        Assert.That(FaceIds(await GetAsync(gallery, "exclusions")), Has.Exactly(1).Items);
    }

    [Test]
    public async Task Exclude_InAnotherProcess_IsHonouredSoon()
    {
        await using var other = new TestServer(folder: server.Folder);
        using var otherClient = other.CreateClient();
        var gallery = await StoreAsync();
        await UntilAsync(async () => (await PersonsFoundAsync(gallery, 1.5f, otherClient)).Length == 3);

        await ExcludeAsync(gallery);

        await UntilAsync(async () => (await PersonsFoundAsync(gallery, 1.5f, otherClient)).SequenceEqual([null, "Alan"]));
    }

    [TestCase("{}", 400)]
    [TestCase("""{"faceId":null}""", 400)]
    [TestCase("""{"faceId":"x"}""", 404)]
    [TestCase("""{"faceId":"999999"}""", 404)]
    public async Task Exclude_NoFace_IsRefused(string body, int status)
    {
        var gallery = await StoreAsync();

        var response = await client.PostAsync(
            gallery.Path($"persons/{gallery.IdOf("Ada")}/exclusions"), new StringContent(body, null, "application/json"));

        Assert.That((int)response.StatusCode, Is.EqualTo(status));
    }

    private Task<StoredGallery> StoreAsync() => StoredGallery.StoreAsync(
        server, [new WantedFace(1.0f, 0, "Ada"), new WantedFace(1.5f, 0, "Ada"), new WantedFace(1.9f, 0, "Alan")]);

    private Task<HttpResponseMessage> ExcludeAsync(StoredGallery gallery) => client.PostAsJsonAsync(
        gallery.Path($"persons/{gallery.IdOf("Ada")}/exclusions"), new { faceId = gallery.IdOf(1) });

    private async Task<string?[]> PersonsFoundAsync(StoredGallery gallery, float probe, HttpClient? through = null)
    {
        var json = await (await gallery.SearchAsync(through ?? client, new WantedFace(probe))).ReadJsonAsync();
        return [.. json.GetProperty("matches").EnumerateArray().Select(match => match.GetProperty("person").GetString())];
    }

    private async Task<JsonElement> GetAsync(StoredGallery gallery, string rest) =>
        await (await client.GetAsync(gallery.Path($"persons/{gallery.IdOf("Ada")}/{rest}"))).ReadJsonAsync();

    private static IEnumerable<string?> FaceIds(JsonElement list) =>
        list.GetProperty("exclusions").EnumerateArray().Select(row => row.GetProperty("faceId").GetString());

    private static async Task UntilAsync(Func<Task<bool>> isSo)
    {
        for (var deadline = DateTime.UtcNow + Patience; !await isSo(); await Task.Delay(20))
            Assert.That(DateTime.UtcNow, Is.LessThan(deadline), "The condition was not met in time.");
    }
}
