using System.Net;
using FaceSearch.Api.Tests.Support;
using FaceSearch.TestSupport;

namespace FaceSearch.Api.Tests.Faces;

internal sealed class AddFaceTests
{
    private TestServer server;
    private Lazy<HttpClient> lazyClient;

    /// <summary>The server starts at its first use, so a test can set options before.</summary>
    private HttpClient Client => lazyClient.Value;

    [SetUp]
    public void Start()
    {
        server = new TestServer();
        lazyClient = new Lazy<HttpClient>(server.CreateClient);
    }

    [TearDown]
    public void Stop()
    {
        if (lazyClient.IsValueCreated)
            Client.Dispose();
        server.Dispose();
    }

    [Test]
    public async Task AddFace_SeveralFaces_EnrolsTheLargestAndListsTheOthers()
    {
        var response = await Client.PostPictureAsync(
            "/add_face/", StandInEncoders.Picture(1f, 2f, 3f), "Ada_Lovelace_0007.jpg");
        var json = await response.ReadJsonAsync();
        var face = json.GetProperty("face");

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Created));
        Assert.That(face.GetProperty("person").GetString(), Is.EqualTo("Ada Lovelace"));
        Assert.That(face.GetProperty("version").GetInt32(), Is.EqualTo(7));
        Assert.That(face.GetProperty("box").GetProperty("width").GetInt32(), Is.EqualTo(100));
        Assert.That(json.GetProperty("skipped").GetArrayLength(), Is.EqualTo(2));
        Assert.That(json.GetProperty("model").GetString(), Is.EqualTo(StandInEncoders.ModelName));
        Assert.That(await CountMatchesAsync(1f), Is.EqualTo(1));
        Assert.That(await CountMatchesAsync(2f), Is.Zero);
    }

    [Test]
    public async Task AddFace_NoFace_IsRefusedAndStoresNothing()
    {
        var response = await Client.PostPictureAsync("/add_face/", StandInEncoders.Picture());

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.UnprocessableEntity));
        Assert.That((await response.ReadJsonAsync()).GetProperty("type").GetString(), Does.EndWith(":no-face"));
        Assert.That(await CountMatchesAsync(0f, "?tolerance=4"), Is.Zero);
    }

    [Test]
    public async Task AddFace_SamePictureAgain_NamesTheEnrolledFace()
    {
        var first = await (await Client.PostPictureAsync("/add_face/", StandInEncoders.Picture(1f), "a.png")).ReadJsonAsync();

        var response = await Client.PostPictureAsync("/add_face/", StandInEncoders.Picture(1f), "b.png");
        var problem = await response.ReadJsonAsync();

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Conflict));
        Assert.That(problem.GetProperty("faceId").GetString(), Is.EqualTo(first.GetProperty("face").GetProperty("faceId").GetString()));
        Assert.That(problem.GetProperty("imageId").GetString(), Is.EqualTo(first.GetProperty("face").GetProperty("imageId").GetString()));
    }

    [Test]
    public async Task AddFace_SamePictureManyTimesAtOnce_EnrolsItOnce()
    {
        var responses = await Task.WhenAll(Enumerable.Range(0, 20).Select(
            _ => Client.PostPictureAsync("/add_face/", StandInEncoders.Picture(1f), "Ada_Lovelace_0001.jpg")));

        Assert.That(responses.Count(r => r.StatusCode == HttpStatusCode.Created), Is.EqualTo(1));
        Assert.That(responses.Count(r => r.StatusCode == HttpStatusCode.Conflict), Is.EqualTo(19));
        Assert.That(await CountMatchesAsync(1f), Is.EqualTo(1));
    }

    [Test]
    public async Task AddFace_NewPersonManyTimesAtOnce_AllArriveAsOnePerson()
    {
        var responses = await Task.WhenAll(Enumerable.Range(1, 20).Select(i => Client.PostPictureAsync(
            "/add_face/", StandInEncoders.Picture($"{i}", 1f), $"Ada_Lovelace_{i:0000}.jpg")));

        Assert.That(responses.Select(r => r.StatusCode), Is.All.EqualTo(HttpStatusCode.Created));
        Assert.That(await CountMatchesAsync(1f, "?k=100"), Is.EqualTo(20));
    }

    [Test]
    public async Task AddFace_AfterARestart_IsStillFound()
    {
        await Client.PostPictureAsync("/add_face/", StandInEncoders.Picture(1f));

        using var again = new TestServer(folder: server.Folder);
        using var newClient = again.CreateClient();
        var json = await (await newClient.PostPictureAsync("/search_faces/", StandInEncoders.Picture(1f))).ReadJsonAsync();

        Assert.That(json.GetProperty("faces")[0].GetProperty("matches").GetArrayLength(), Is.EqualTo(1));
    }

    [Test]
    public async Task AddFace_DatabaseLocked_Is503AndLeavesNothingHalfWritten()
    {
        server.Settings["Database:TimeoutSeconds"] = "1";
        await Client.PostPictureAsync("/add_face/", StandInEncoders.Picture(1f));

        using (var other = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={server.DatabaseFile}"))
        {
            other.Open();
            using var locked = other.BeginTransaction();
            var response = await Client.PostPictureAsync("/add_face/", StandInEncoders.Picture(5f));

            Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.ServiceUnavailable));
            Assert.That(response.Headers.RetryAfter, Is.Not.Null);
            Assert.That((await response.ReadJsonAsync()).GetProperty("type").GetString(), Does.EndWith(":storage-unavailable"));
        }

        Assert.That(await CountMatchesAsync(5f), Is.Zero);
        Assert.That(
            (await Client.PostPictureAsync("/add_face/", StandInEncoders.Picture(5f))).StatusCode,
            Is.EqualTo(HttpStatusCode.Created));
    }

    private async Task<int> CountMatchesAsync(float face, string query = "")
    {
        var json = await (await Client.PostPictureAsync("/search_faces/" + query, StandInEncoders.Picture(face))).ReadJsonAsync();
        return json.GetProperty("faces")[0].GetProperty("matches").GetArrayLength();
    }
}
