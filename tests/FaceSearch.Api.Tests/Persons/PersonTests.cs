using System.Net;
using System.Text.Json;
using FaceSearch.Api.Tests.Support;
using FaceSearch.Domain.Access;
using FsCheck;
using FsCheck.Fluent;

namespace FaceSearch.Api.Tests.Persons;

internal sealed class PersonTests
{
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
    public async Task ListPersons_Pages_AreCompleteOrderedAndHaveCounts()
    {
        var gallery = await StoreAsync(
            Face(1, "Ada"), Face(2, "Ada"), Face(3, "alan"), Face(4, "Åsa"), Face(5, "A%a"), Face(6, "Zoë"));

        var names = new List<string?>();
        var query = "persons?limit=2";
        for (var page = await GetAsync(gallery, query); ; page = await GetAsync(gallery, $"{query}&cursor={Cursor(page)}"))
        {
            names.AddRange(page.GetProperty("persons").EnumerateArray().Select(person => person.GetProperty("name").GetString()));
            if (Cursor(page) is null)
                break;
        }

        Assert.That(names, Is.EqualTo(new[] { "A%a", "Ada", "Zoë", "alan", "Åsa" }));
        var ada = (await GetAsync(gallery, "persons?name=Ada")).GetProperty("persons")[0];
        Assert.That(ada.GetRawText(), Is.EqualTo(
            $$"""{"personId":"{{gallery.IdOf("Ada")}}","name":"Ada","faceCount":2,"sampleFaceId":"{{gallery.IdOf(0)}}"}"""));
    }

    [TestCase("A", new[] { "A%a", "Ada" })]
    [TestCase("a", new[] { "alan" })]
    [TestCase("A%", new[] { "A%a" })]
    [TestCase("_", new string[0])]
    [TestCase("Å", new[] { "Åsa" })]
    public async Task ListPersons_NamePrefix_IsTakenLetterForLetter(string prefix, string[] expected)
    {
        var gallery = await StoreAsync(Face(1, "Ada"), Face(2, "alan"), Face(3, "Åsa"), Face(4, "A%a"));

        var page = await GetAsync(gallery, "persons?name=" + Uri.EscapeDataString(prefix));

        Assert.That(
            page.GetProperty("persons").EnumerateArray().Select(person => person.GetProperty("name").GetString()),
            Is.EqualTo(expected));
    }

    [Test]
    public void ListPersons_AnyNamesAndLimit_PagesAreTheSortedSet()
    {
        var names = Gen.ArrayOf(Gen.ArrayOf(Gen.Elements("a", "B", "ä", "%", "_", "\U0001F600", " ")).Select(string.Concat))
            .Select(all => all.Select(name => name.Trim()).Where(name => name.Length is > 0 and <= 200).Distinct().ToArray());
        Prop.ForAll(names.ToArbitrary(), Arb.From(Gen.Choose(1, 7)), (all, limit) => CheckPagesAsync(all, limit).GetAwaiter().GetResult())
            .Check(Config.QuickThrowOnFailure.WithMaxTest(40));
    }

    [TestCase("persons?limit=0", "limit")]
    [TestCase("persons?limit=501", "limit")]
    [TestCase("persons?cursor=%25", "cursor")]
    public async Task ListPersons_BadParameter_IsAProblemThatNamesIt(string path, string field)
    {
        var gallery = await StoreAsync();

        var response = await client.GetAsync(gallery.Path(path));

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.BadRequest));
        Assert.That((await response.ReadJsonAsync()).GetProperty("errors").TryGetProperty(field, out _), Is.True);
    }

    [TestCase("0")]
    [TestCase("abc")]
    [TestCase("99999999999999999999")]
    public async Task AnyCall_UnknownPerson_Is404(string id)
    {
        var gallery = await StoreAsync();

        foreach (var (method, path, body) in new[]
        {
            (HttpMethod.Get, "", null),
            (HttpMethod.Patch, "", """{"name":"x"}"""),
            (HttpMethod.Delete, "", null),
            (HttpMethod.Post, "/merge", """{"personIds":["1"]}"""),
            (HttpMethod.Get, "/exclusions", null),
            (HttpMethod.Post, "/exclusions", """{"faceId":"1"}"""),
            (HttpMethod.Delete, "/exclusions/1", null),
        })
        {
            var response = await SendAsync(method, gallery.Path($"persons/{id}{path}"), body);
            Assert.That(await ProblemAsync(response), Is.EqualTo((404, "person-not-found")), $"{method} {path}");
        }
    }

    [Test]
    public async Task AnyCall_PersonOfAnotherCollection_Is404()
    {
        var other = await StoreAsync(Face(1, "Ada"));
        var gallery = await StoreAsync(Face(1, "Ada"), Face(2, "Alan"));

        var get = await client.GetAsync(gallery.Path($"persons/{other.IdOf("Ada")}"));
        var merge = await SendAsync(
            HttpMethod.Post, gallery.Path($"persons/{gallery.IdOf("Ada")}/merge"), $$"""{"personIds":["{{other.IdOf("Ada")}}"]}""");
        var exclude = await SendAsync(
            HttpMethod.Post, gallery.Path($"persons/{gallery.IdOf("Ada")}/exclusions"), $$"""{"faceId":"{{other.IdOf(0)}}"}""");

        Assert.That(await ProblemAsync(get), Is.EqualTo((404, "person-not-found")));
        Assert.That(await ProblemAsync(merge), Is.EqualTo((404, "person-not-found")));
        Assert.That(await ProblemAsync(exclude), Is.EqualTo((404, "face-not-found")));
    }

    [Test]
    public async Task Rename_NewName_IsSearchedAndListedAtOnce()
    {
        var gallery = await StoreAsync(Face(1, "Ada"));

        var renamed = await SendAsync(HttpMethod.Patch, PersonPath(gallery, "Ada"), """{"name":" Ada Lovelace "}""");
        var match = (await (await gallery.SearchAsync(client, Face(1, null))).ReadJsonAsync()).GetProperty("matches")[0];

        Assert.That(renamed.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(renamed.Headers.ETag?.Tag, Is.EqualTo((await client.GetAsync(PersonPath(gallery, "Ada"))).Headers.ETag!.Tag));
        Assert.That((await renamed.ReadJsonAsync()).GetProperty("name").GetString(), Is.EqualTo("Ada Lovelace"));
        Assert.That(match.GetProperty("person").GetString(), Is.EqualTo("Ada Lovelace"));
    }

    [Test]
    public async Task Rename_TakenName_NamesTheOtherPerson()
    {
        var gallery = await StoreAsync(Face(1, "Ada"), Face(2, "Alan"));

        var response = await SendAsync(HttpMethod.Patch, PersonPath(gallery, "Ada"), """{"name":"Alan"}""");

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Conflict));
        Assert.That((await response.ReadJsonAsync()).GetProperty("personId").GetString(), Is.EqualTo(gallery.IdOf("Alan")));
    }

    [TestCase("""{"name":""}""")]
    [TestCase("""{"name":"  "}""")]
    [TestCase("""{"name":null}""")]
    [TestCase("{}")]
    [TestCase("""{"name":"a\nb"}""")]
    [TestCase("""{"name":7}""")]
    [TestCase("[]")]
    public async Task Rename_NoName_Is400(string body)
    {
        var gallery = await StoreAsync(Face(1, "Ada"));

        var response = await SendAsync(HttpMethod.Patch, PersonPath(gallery, "Ada"), body);

        Assert.That(await ProblemAsync(response), Is.EqualTo((400, "invalid-request")));
    }

    [Test]
    public async Task Change_IfMatchOfAnOldVersion_Is412AndChangesNothing()
    {
        var gallery = await StoreAsync(Face(1, "Ada"));
        var seen = (await client.GetAsync(PersonPath(gallery, "Ada"))).Headers.ETag!.Tag;
        await SendAsync(HttpMethod.Patch, PersonPath(gallery, "Ada"), """{"name":"Grace"}""", seen);

        var late = await SendAsync(HttpMethod.Patch, PersonPath(gallery, "Ada"), """{"name":"Edsger"}""", seen);
        var erase = await SendAsync(HttpMethod.Delete, PersonPath(gallery, "Ada"), null, seen);

        Assert.That(await ProblemAsync(late), Is.EqualTo((412, "changed-meanwhile")));
        Assert.That(await ProblemAsync(erase), Is.EqualTo((412, "changed-meanwhile")));
        var person = await (await client.GetAsync(PersonPath(gallery, "Ada"))).ReadJsonAsync();
        Assert.That(person.GetProperty("name").GetString(), Is.EqualTo("Grace"));
    }

    [Test]
    public async Task Merge_Persons_TakesFacesAndExclusionsAndLeavesOne()
    {
        var gallery = await StoredGallery.StoreAsync(
            server,
            [Face(1, "Ada"), Face(2, "A. Lovelace"), Face(3, "Countess"), Face(9, "Alan")],
            ("A. Lovelace", 3), ("Countess", 3), ("Countess", 0));

        var merged = await SendAsync(
            HttpMethod.Post, PersonPath(gallery, "Ada") + "/merge",
            $$"""{"personIds":["{{gallery.IdOf("A. Lovelace")}}","{{gallery.IdOf("Countess")}}","{{gallery.IdOf("Countess")}}"]}""");
        var exclusions = await GetAsync(gallery, $"persons/{gallery.IdOf("Ada")}/exclusions");
        var names = (await GetAsync(gallery, "persons")).GetProperty("persons");

        Assert.That(merged.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(names[0].GetProperty("faceCount").GetInt32(), Is.EqualTo(3));
        Assert.That(
            exclusions.GetProperty("exclusions").EnumerateArray().Select(row => row.GetProperty("faceId").GetString()),
            Is.EqualTo(new[] { gallery.IdOf(3) }), "the exclusion between the merged persons ends");
        Assert.That(names.EnumerateArray().Select(person => person.GetProperty("name").GetString()), Is.EqualTo(new[] { "Ada", "Alan" }));
    }

    [Test]
    public async Task Merge_OneOfThemUnknown_ChangesNothing()
    {
        var gallery = await StoreAsync(Face(1, "Ada"), Face(2, "Alan"));
        var before = (await client.GetAsync(PersonPath(gallery, "Ada"))).Headers.ETag;

        var response = await SendAsync(
            HttpMethod.Post, PersonPath(gallery, "Ada") + "/merge", $$"""{"personIds":["{{gallery.IdOf("Alan")}}","999999"]}""");
        var ada = await client.GetAsync(PersonPath(gallery, "Ada"));

        Assert.That(await ProblemAsync(response), Is.EqualTo((404, "person-not-found")));
        Assert.That(ada.Headers.ETag, Is.EqualTo(before));
        Assert.That((await client.GetAsync(PersonPath(gallery, "Alan"))).StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }

    [TestCase("""{"personIds":[]}""")]
    [TestCase("{}")]
    [TestCase("""{"personIds":["@"]}""")]
    [TestCase("""{"personIds":[null]}""")]
    public async Task Merge_NoOtherPerson_Is400(string body)
    {
        var gallery = await StoreAsync(Face(1, "Ada"));
        body = body.Replace("@", gallery.IdOf("Ada"), StringComparison.Ordinal);

        var response = await SendAsync(HttpMethod.Post, PersonPath(gallery, "Ada") + "/merge", body);

        Assert.That(await ProblemAsync(response), Is.EqualTo((400, "invalid-request")));
    }

    private async Task CheckPagesAsync(string[] names, int limit)
    {
        var gallery = await StoreAsync([.. names.Select((name, i) => Face(i, name))]);
        var listed = new List<string?>();
        string? cursor = null;
        do
        {
            var page = await GetAsync(gallery, $"persons?limit={limit}" + (cursor is null ? "" : $"&cursor={cursor}"));
            var persons = page.GetProperty("persons").EnumerateArray().ToArray();
            Assert.That(persons, Has.Length.LessThanOrEqualTo(limit));
            listed.AddRange(persons.Select(person => person.GetProperty("name").GetString()));
            cursor = Cursor(page);
        }
        while (cursor is not null);

        var sorted = names.Order(Comparer<string>.Create(
            (a, b) => System.Text.Encoding.UTF8.GetBytes(a).AsSpan().SequenceCompareTo(System.Text.Encoding.UTF8.GetBytes(b))));
        Assert.That(listed, Is.EqualTo(sorted));
    }

    private Task<StoredGallery> StoreAsync(params WantedFace[] faces) => StoredGallery.StoreAsync(server, faces);

    private static WantedFace Face(float x, string? person) => new(x, 0, person);

    private static string PersonPath(StoredGallery gallery, string person) => gallery.Path($"persons/{gallery.IdOf(person)}");

    private async Task<JsonElement> GetAsync(StoredGallery gallery, string rest)
    {
        var response = await client.GetAsync(gallery.Path(rest));
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        return await response.ReadJsonAsync();
    }

    private Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, string? body, string? ifMatch = null)
    {
        var request = new HttpRequestMessage(method, path);
        if (body is not null)
            request.Content = new StringContent(body, null, "application/json");
        if (ifMatch is not null)
            request.Headers.TryAddWithoutValidation("If-Match", ifMatch);
        return client.SendAsync(request);
    }

    private static string? Cursor(JsonElement page) => page.TryGetProperty("nextCursor", out var cursor) ? cursor.GetString() : null;

    private static async Task<(int, string?)> ProblemAsync(HttpResponseMessage response) =>
        ((int)response.StatusCode, (await response.ReadJsonAsync()).GetProperty("type").GetString()?.Split(':')[^1]);
}
