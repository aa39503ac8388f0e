using System.Net;
using System.Net.Http.Json;
using FaceSearch.Api.Tests.Support;
using FaceSearch.Domain.Access;
using FaceSearch.TestSupport;

namespace FaceSearch.Api.Tests.Collections;

internal sealed class CollectionTests
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
    public async Task Create_AnswersTheCollection_AndWhereItIs()
    {
        var answer = await CreateAsync("staff-1");
        var json = await answer.ReadJsonAsync();

        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.Created));
        Assert.That(answer.Headers.Location!.ToString(), Is.EqualTo("/v1/collections/staff-1"));
        Assert.That(json.GetProperty("model").GetString(), Is.EqualTo(StandInEncoders.ModelName));
        Assert.That(
            await admin.GetStringAsync(answer.Headers.Location), Is.EqualTo(await answer.Content.ReadAsStringAsync()));
    }

    [Test]
    public async Task Get_CountsFacesAndPersons()
    {
        await admin.PostPictureAsync("/add_face", StandInEncoders.Picture(1f), "Ada_Lovelace_0001.jpg");
        await admin.PostPictureAsync("/add_face", StandInEncoders.Picture(2f), "Ada_Lovelace_0002.jpg");

        var json = await (await admin.GetAsync("/v1/collections/default")).ReadJsonAsync();

        Assert.That((json.GetProperty("faceCount").GetInt32(), json.GetProperty("personCount").GetInt32()), Is.EqualTo((2, 1)));
    }

    [TestCase("")]
    [TestCase("Staff")]
    [TestCase("-staff")]
    [TestCase("~1")]
    [TestCase("staff\n")]
    [TestCase("a23456789012345678901234567890123456789012345678901234567890123456")]
    public async Task Create_InvalidName_Is400(string name)
    {
        var answer = await CreateAsync(name);

        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.BadRequest));
        Assert.That((await answer.ReadJsonAsync()).GetProperty("errors").TryGetProperty("name", out _), Is.True);
    }

    [Test]
    public async Task Create_Again_Is409()
    {
        await CreateAsync("twice");

        Assert.That(await (await CreateAsync("twice")).ReadProblemAsync(), Is.EqualTo("collection-exists"));
    }

    [Test]
    public async Task Create_Profile_IsFoundByNameOrRefused()
    {
        Assert.That((await CreateAsync("by-model", StandInEncoders.ModelName)).StatusCode, Is.EqualTo(HttpStatusCode.Created));
        Assert.That(await (await CreateAsync("by-nothing", "nothing")).ReadProblemAsync(), Is.EqualTo("unknown-profile"));
    }

    [Test]
    public async Task List_PageByPage_HoldsEachOnce()
    {
        foreach (var name in new[] { "p3", "p1", "p2" })
            await CreateAsync(name);
        var names = new List<string>();
        for (string? cursor = string.Empty; cursor is not null;)
        {
            var page = await (await admin.GetAsync($"/v1/collections?limit=2{cursor}")).ReadJsonAsync();
            names.AddRange(page.GetProperty("collections").EnumerateArray().Select(c => c.GetProperty("name").GetString()!));
            cursor = page.TryGetProperty("nextCursor", out var next) ? $"&cursor={next.GetString()}" : null;
        }

        Assert.That(names, Is.Ordered.And.Unique.And.SupersetOf(new[] { "default", "p1", "p2", "p3" }));
    }

    [Test]
    public async Task Remove_DeletesTheCollectionAndFreesItsName()
    {
        await CreateAsync("short-lived");

        var removed = await admin.DeleteAsync("/v1/collections/short-lived");

        Assert.That(removed.StatusCode, Is.EqualTo(HttpStatusCode.NoContent));
        Assert.That(await (await admin.GetAsync("/v1/collections/short-lived")).ReadProblemAsync(), Is.EqualTo("collection-not-found"));
        Assert.That(await (await admin.DeleteAsync("/v1/collections/short-lived")).ReadProblemAsync(), Is.EqualTo("collection-not-found"));
        Assert.That((await CreateAsync("short-lived")).StatusCode, Is.EqualTo(HttpStatusCode.Created));
    }

    [Test]
    public async Task Remove_Default_Is409() =>
        Assert.That(
            await (await admin.DeleteAsync("/v1/collections/default")).ReadProblemAsync(), Is.EqualTo("default-collection"));

    private Task<HttpResponseMessage> CreateAsync(string name, string? profile = null) =>
        admin.PostAsJsonAsync("/v1/collections", new { name, profile });
}
