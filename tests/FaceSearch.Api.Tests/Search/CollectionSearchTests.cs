using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using FaceSearch.Api.Tests.Support;
using FaceSearch.TestSupport;

namespace FaceSearch.Api.Tests.Search;

internal sealed class CollectionSearchTests
{
    private TestServer server;
    private HttpClient client;
    private StoredGallery gallery;

    [OneTimeSetUp]
    public async Task StoreAsync()
    {
        server = new TestServer();
        client = server.CreateClient();
        gallery = await StoredGallery.StoreAsync(
            server,
            [
                new WantedFace(1.0f, 0, "Ada", "red", "blue"),
                new WantedFace(1.1f, 0, "Ada", "red"),
                new WantedFace(1.2f, 0, "Alan", "blue"),
                new WantedFace(1.3f),
                new WantedFace(1.4f, 0, "Ada"),
            ]);
    }

    [OneTimeTearDown]
    public void Stop()
    {
        client.Dispose();
        server.Dispose();
    }

    [Test]
    public async Task SearchByEmbedding_Answer_HasAllFields()
    {
        var response = await gallery.SearchAsync(client, new WantedFace(1f), "?k=1&tolerance=0.5");
        var json = await response.ReadJsonAsync();

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        var match = $$"""
            {"rank":1,"distance":0,"faceId":"{{gallery.IdOf(0)}}","imageId":"{{gallery.Faces[0].ImageId}}","person":"Ada",
            """ + $$"""
            "personId":"{{gallery.IdOf("Ada")}}","pictureNumber":null,"externalId":null,"tags":["blue","red"]}
            """;
        Assert.That(json.GetRawText(), Is.EqualTo($$"""
            {"collection":"{{gallery.Name}}","model":"stand-in-v1","k":1,"tolerance":0.5,"matches":[{{match}}],"groups":null,"truncated":false}
            """));
    }

    [Test]
    public async Task SearchCollection_Picture_FindsTheSameAsItsEmbedding()
    {
        var byPicture = await (await client.PostPictureAsync(
            gallery.Path("search?groupBy=person&tolerance=4"), StandInEncoders.Picture(1f, 1.2f))).ReadJsonAsync();
        var byEmbedding = await (await gallery.SearchAsync(
            client, new WantedFace(1f), "?groupBy=person&tolerance=4")).ReadJsonAsync();

        var faces = byPicture.GetProperty("faces");
        Assert.That(faces.GetArrayLength(), Is.EqualTo(2));
        Assert.That(faces[0].GetProperty("matches").GetRawText(), Is.EqualTo(byEmbedding.GetProperty("matches").GetRawText()));
        Assert.That(faces[0].GetProperty("groups").GetRawText(), Is.EqualTo(byEmbedding.GetProperty("groups").GetRawText()));
    }

    [Test]
    public async Task Search_GroupedByPerson_CountsPersonsAndListsAllTheirFaces()
    {
        var json = await (await gallery.SearchAsync(client, new WantedFace(1f), "?k=2&groupBy=person&tolerance=4")).ReadJsonAsync();

        var groups = json.GetProperty("groups").EnumerateArray().ToArray();
        Assert.That(groups.Select(group => group.GetProperty("person").GetString()), Is.EqualTo(new[] { "Ada", "Alan" }));
        Assert.That(groups.Select(group => group.GetProperty("matches").GetArrayLength()), Is.EqualTo(new[] { 3, 1 }));
        Assert.That(groups[1].GetProperty("distance").GetSingle(), Is.EqualTo(0.2f).Within(1e-6));
        Assert.That(FaceIds(json), Is.EqualTo(new[] { 0, 1, 2, 4 }.Select(gallery.IdOf)));
    }

    [Test]
    public async Task Search_GroupedByPerson_OneWithManyFaces_LooksFurtherAndListsTheNearestHundred()
    {
        var crowded = await StoredGallery.StoreAsync(
            server, [.. Enumerable.Range(0, 150).Select(i => new WantedFace(1 + i / 1000f, 0, "Ada")), new WantedFace(1.5f, 0, "Alan")]);

        var json = await (await crowded.SearchAsync(client, new WantedFace(1f), "?k=2&groupBy=person")).ReadJsonAsync();

        Assert.That(
            json.GetProperty("groups").EnumerateArray()
                .Select(group => (group.GetProperty("person").GetString(), group.GetProperty("matches").GetArrayLength())),
            Is.EqualTo(new[] { ("Ada", 100), ("Alan", 1) }));
        Assert.That(FaceIds(json), Is.EqualTo(Enumerable.Range(0, 100).Append(150).Select(crowded.IdOf)));
    }

    [TestCase(3, 1000, new[] { 0, 1, 2 }, Description = "the answer's limit")]
    [TestCase(1000, 3, new[] { 0, 1, 2 }, Description = "fewer persons than k among the nearest faces")]
    [TestCase(1000, 5, new[] { 0, 1, 2, 3, 4 }, Description = "faces of the persons beyond the limit")]
    [Category("Fault-A12")]
    public async Task Search_GroupedByPerson_BeyondALimit_IsTruncatedAndSaysSo(int faces, int depth, int[] expected)
    {
        using var limited = new TestServer();
        limited.Settings["Search:MaxGroupedFaces"] = $"{faces}";
        limited.Settings["Search:MaxGroupingDepth"] = $"{depth}";
        using var caller = limited.CreateClient();
        var crowded = await StoredGallery.StoreAsync(
            limited, [.. Enumerable.Range(0, 8).Select(i => new WantedFace(1 + i / 1000f, 0, i % 4 == 3 ? "Ada" : "Alan"))]);

        var json = await (await crowded.SearchAsync(caller, new WantedFace(1f), "?k=2&groupBy=person")).ReadJsonAsync();

        Assert.That(FaceIds(json), Is.EqualTo(expected.Select(crowded.IdOf)));
        Assert.That(json.GetProperty("truncated").GetBoolean(), Is.True);
    }

    [TestCase("tag=red", new[] { 0, 1 })]
    [TestCase("tag=red&tag=blue", new[] { 0 })]
    [TestCase("tag=never", new int[0])]
    [TestCase("personId=@Ada&tag=blue", new[] { 0 })]
    [TestCase("personId=@Ada&personId=@Alan", new[] { 0, 1, 2, 4 })]
    [TestCase("personId=999999", new int[0])]
    [TestCase("person=Ada&tag=blue", new[] { 0 })]
    [TestCase("person=Ada&personId=@Alan", new[] { 0, 1, 2, 4 })]
    [TestCase("person=@Ada", new int[0])]
    public async Task Search_Filters_AllHold(string query, int[] expected)
    {
        foreach (var name in gallery.Persons.Keys)
            query = query.Replace("@" + name, gallery.IdOf(name), StringComparison.Ordinal);

        var json = await (await gallery.SearchAsync(client, new WantedFace(1f), "?tolerance=4&" + query)).ReadJsonAsync();

        Assert.That(FaceIds(json), Is.EqualTo(expected.Select(gallery.IdOf)));
    }

    [TestCase("?personId=x", "personId")]
    [TestCase("?person=", "person")]
    [TestCase("?tag=", "tag")]
    [TestCase("?groupBy=picture", "groupBy")]
    [TestCase("?k=0", "k")]
    [TestCase("?tolerance=NaN", "tolerance")]
    public async Task Search_BadParameter_IsAProblemThatNamesIt(string query, string field)
    {
        var response = await gallery.SearchAsync(client, new WantedFace(1f), query);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.BadRequest));
        Assert.That((await response.ReadJsonAsync()).GetProperty("errors").TryGetProperty(field, out _), Is.True);
    }

    [TestCase(0f, 400)]
    [TestCase(0.4f, 400)]
    [TestCase(0.499f, 200)]
    [TestCase(1f, 400)]
    [Category("Fault-F1")]
    public async Task SearchByEmbedding_ModelNormalises_AnotherNormIsRefused(float norm, int status)
    {
        var embedding = new float[128];
        embedding[5] = norm;
        var traits = server.Encoders.Traits;
        server.Encoders.Traits = traits with { EmbeddingNorm = 0.5f };

        var answer = await client.PostAsJsonAsync(gallery.Path("search/embedding"), new { embedding });
        server.Encoders.Traits = traits;

        Assert.That((int)answer.StatusCode, Is.EqualTo(status));
        if (status == 400)
        {
            var problem = await answer.ReadJsonAsync();
            Assert.That(problem.Text("type"), Does.EndWith(":wrong-embedding-norm"));
            Assert.That(problem.Text("detail"), Does.Contain("128 values").And.Contain("the norm 0.5"));
        }
    }

    [TestCase("""{"embedding":[1,2,3]}""", 400, "wrong-embedding-length")]
    [TestCase("""{"embedding":[]}""", 400, "wrong-embedding-length")]
    [TestCase("""{"embedding":null}""", 400, "invalid-request")]
    [TestCase("""{"embedding":["a"]}""", 400, "invalid-request")]
    [TestCase("""{}""", 400, "wrong-embedding-length")]
    [TestCase("""{"embedding":[1e999]}""", 400, "invalid-request")]
    [TestCase("nonsense", 400, "invalid-request")]
    [TestCase("""{"embedding":@,"model":"other-v1"}""", 409, "model-mismatch")]
    [TestCase("""{"embedding":@,"model":"stand-in-v1"}""", 200, null)]
    public async Task SearchByEmbedding_Body_IsValidated(string body, int status, string? problem)
    {
        body = body.Replace("@", JsonSerializer.Serialize(new float[128]), StringComparison.Ordinal);

        var response = await client.PostAsync(
            gallery.Path("search/embedding"), new StringContent(body, null, "application/json"));

        Assert.That((int)response.StatusCode, Is.EqualTo(status));
        if (problem is not null)
            Assert.That((await response.ReadJsonAsync()).GetProperty("type").GetString(), Does.EndWith(":" + problem));
    }

    [Test]
    public async Task Search_UnknownCollection_Is404()
    {
        var response = await client.PostAsJsonAsync(
            "/v1/collections/nowhere/search/embedding", new { embedding = new float[128] });

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
        Assert.That((await response.ReadJsonAsync()).GetProperty("type").GetString(), Does.EndWith(":collection-not-found"));
    }

    private static IEnumerable<string?> FaceIds(JsonElement json) =>
        json.GetProperty("matches").EnumerateArray().Select(match => match.GetProperty("faceId").GetString());
}
