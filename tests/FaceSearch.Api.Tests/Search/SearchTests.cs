using System.Net;
using FaceSearch.Api.Tests.Support;
using FaceSearch.TestSupport;

namespace FaceSearch.Api.Tests.Search;

internal sealed class SearchTests
{
    private TestServer server;
    private HttpClient client;

    [OneTimeSetUp]
    public async Task EnrolAsync()
    {
        server = new TestServer();
        client = server.CreateClient();
        await client.PostPictureAsync("/add_face/", StandInEncoders.Picture("a", 1.0f), "Ada_Lovelace_0001.jpg");
        await client.PostPictureAsync("/add_face/", StandInEncoders.Picture("b", 1.0f), "Ada_Lovelace_0002.jpg");
        await client.PostPictureAsync("/add_face/", StandInEncoders.Picture("c", 1.5f), "Alan_Turing_0001.jpg");
        await client.PostPictureAsync("/add_face/", StandInEncoders.Picture("d", 9.0f), "noname.jpg");
    }

    [OneTimeTearDown]
    public void Stop()
    {
        client.Dispose();
        server.Dispose();
    }

    [Test]
    public async Task Search_KnownFace_AnswersTheNearestFirst()
    {
        var response = await client.PostPictureAsync("/search_faces/", StandInEncoders.Picture(1.1f));
        var json = await response.ReadJsonAsync();
        var matches = json.GetProperty("faces")[0].GetProperty("matches").EnumerateArray().ToArray();

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(matches.Select(m => m.GetProperty("rank").GetInt32()), Is.EqualTo(new[] { 1, 2, 3 }));
        Assert.That(matches.Select(m => m.GetProperty("person").GetString()),
            Is.EqualTo(new[] { "Ada Lovelace", "Ada Lovelace", "Alan Turing" }));
        Assert.That(matches.Select(m => m.GetProperty("version").GetInt32()), Is.EqualTo(new[] { 1, 2, 1 }));
        Assert.That(matches[0].GetProperty("distance").GetSingle(), Is.EqualTo(0.1f).Within(1e-6));
        Assert.That(matches[0].GetProperty("faceId").GetString(), Is.Not.Empty);
        Assert.That(matches[0].GetProperty("imageId").GetString(), Is.Not.Empty);
    }

    [Test]
    public async Task Search_Answer_EchoesTheRequest()
    {
        var json = await (await client.PostPictureAsync(
            "/search_faces/?k=7&tolerance=0.25", StandInEncoders.Picture(1.1f))).ReadJsonAsync();

        Assert.That(json.GetProperty("k").GetInt32(), Is.EqualTo(7));
        Assert.That(json.GetProperty("tolerance").GetRawText(), Is.EqualTo("0.25"));
        Assert.That(json.GetProperty("collection").GetString(), Is.EqualTo("default"));
        Assert.That(json.GetProperty("model").GetString(), Is.EqualTo(StandInEncoders.ModelName));
        Assert.That(json.GetProperty("image").GetRawText(),
            Is.EqualTo("""{"width":640,"height":480,"orientationApplied":false}"""));
        Assert.That(json.GetProperty("faces")[0].GetProperty("box").GetRawText(),
            Is.EqualTo("""{"x":270,"y":190,"width":100,"height":100}"""));
    }

    [Test]
    public async Task Search_Defaults_AreFiveAndPointSix()
    {
        var json = await (await client.PostPictureAsync("/search_faces/", StandInEncoders.Picture(1f))).ReadJsonAsync();

        Assert.That(json.GetProperty("k").GetInt32(), Is.EqualTo(5));
        Assert.That(json.GetProperty("tolerance").GetRawText(), Is.EqualTo("0.6"));
    }

    [TestCase("?k=1", 1)]
    [TestCase("?k=2", 2)]
    [TestCase("?tolerance=0.05", 2)]
    [TestCase("?k=1000&tolerance=4", 3)]
    public async Task Search_KAndTolerance_Bound(string query, int expected)
    {
        var json = await (await client.PostPictureAsync(
            "/search_faces/" + query, StandInEncoders.Picture(1f))).ReadJsonAsync();

        Assert.That(json.GetProperty("faces")[0].GetProperty("matches").GetArrayLength(), Is.EqualTo(expected));
    }

    [TestCase("/search_faces/?k=5&tolerance=0.6/")]
    [TestCase("/search_faces?k=5&tolerance=0.6")]
    [TestCase("/search_faces")]
    public async Task Search_SlashesAnywhere_AreTolerated(string path)
    {
        var response = await client.PostPictureAsync(path, StandInEncoders.Picture(1f));

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task Search_SeveralFaces_AnswersEveryOne()
    {
        var json = await (await client.PostPictureAsync(
            "/search_faces/", StandInEncoders.Picture(1f, 1.5f, 50f))).ReadJsonAsync();

        Assert.That(
            json.GetProperty("faces").EnumerateArray().Select(f => f.GetProperty("matches").GetArrayLength()),
            Is.EqualTo(new[] { 3, 3, 0 }));
    }

    [Test]
    public async Task Search_NoFace_IsAnEmptySuccess()
    {
        var response = await client.PostPictureAsync("/search_faces/", StandInEncoders.Picture());

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That((await response.ReadJsonAsync()).GetProperty("faces").GetArrayLength(), Is.Zero);
    }

    [Test]
    public async Task Search_FaceWithoutAPerson_HasNullPerson()
    {
        var json = await (await client.PostPictureAsync("/search_faces/", StandInEncoders.Picture(9f))).ReadJsonAsync();

        var match = json.GetProperty("faces")[0].GetProperty("matches")[0];
        Assert.That(match.GetProperty("person").ValueKind, Is.EqualTo(System.Text.Json.JsonValueKind.Null));
    }

    [TestCase("image/png")]
    [TestCase("image/jpeg")]
    public async Task Search_RawBody_Works(string contentType)
    {
        var response = await client.PostRawAsync("/search_faces/", StandInEncoders.Picture(1f), contentType);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task Search_FieldCalledImage_Works()
    {
        var response = await client.PostPictureAsync("/search_faces/", StandInEncoders.Picture(1f), field: "image");

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }

    [TestCase("k=0", "k")]
    [TestCase("k=1001", "k")]
    [TestCase("k=abc", "k")]
    [TestCase("k=1.5", "k")]
    [TestCase("tolerance=0", "tolerance")]
    [TestCase("tolerance=-1", "tolerance")]
    [TestCase("tolerance=4.1", "tolerance")]
    [TestCase("tolerance=NaN", "tolerance")]
    [TestCase("tolerance=Infinity", "tolerance")]
    [TestCase("tolerance=1e999", "tolerance")]
    [TestCase("tolerance=near", "tolerance")]
    public async Task Search_BadParameter_IsAProblemThatNamesIt(string query, string field)
    {
        var response = await client.PostPictureAsync("/search_faces/?" + query, StandInEncoders.Picture(1f));
        var problem = await response.ReadJsonAsync();

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.BadRequest));
        Assert.That(problem.GetProperty("type").GetString(), Is.EqualTo("urn:facesearch:problem:invalid-request"));
        Assert.That(problem.GetProperty("errors").TryGetProperty(field, out _), Is.True);
    }

    [Test]
    public async Task Search_TwoThousandAtOnce_AllAnswered()
    {
        var picture = StandInEncoders.Picture(1f);

        var responses = await Task.WhenAll(
            Enumerable.Range(0, 2000).Select(_ => client.PostPictureAsync("/search_faces/", picture)));

        Assert.That(responses.Select(response => response.StatusCode), Is.All.EqualTo(HttpStatusCode.OK));
    }
}
