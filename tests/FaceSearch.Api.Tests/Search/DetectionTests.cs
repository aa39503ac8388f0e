using System.Net;
using System.Text;
using FaceSearch.Api.Tests.Support;
using FaceSearch.TestSupport;

namespace FaceSearch.Api.Tests.Search;

/// <summary>POST /v1/detect and /v1/verify.</summary>
internal sealed class DetectionTests : FacesFixture
{
    [Test]
    public async Task Detect_ReturnsEveryFaceAndStoresNothing()
    {
        var response = await Client.PostPictureAsync("/v1/detect", StandInEncoders.Picture("sharpness1=1", 1f, 5f));
        var json = await response.ReadJsonAsync();
        var faces = json.GetProperty("faces").EnumerateArray().ToList();

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(json.GetProperty("image").GetProperty("width").GetInt32(), Is.EqualTo(640));
        Assert.That(json.Text("model"), Is.EqualTo(StandInEncoders.ModelName));
        Assert.That(faces.Select(face => face.GetProperty("box").GetProperty("width").GetInt32()), Is.EqualTo(new[] { 100, 99 }));
        Assert.That(faces[0].GetProperty("landmarks").GetArrayLength(), Is.EqualTo(5));
        Assert.That(faces[0].GetProperty("landmarks")[0].GetProperty("x").GetSingle(), Is.EqualTo(300));
        Assert.That(faces[0].Texts("reasons"), Is.Empty);
        Assert.That(faces[1].Texts("reasons"), Is.EqualTo(new[] { "low-sharpness" }));
        Assert.That(faces[0].TryGetProperty("embedding", out _), Is.False);
        Assert.That(await ListIdsAsync(), Is.Empty);
    }

    [Test]
    public async Task Detect_NoFace_IsASuccess() => Assert.That(
        (await (await Client.PostPictureAsync("/v1/detect", StandInEncoders.Picture())).ReadJsonAsync())
            .GetProperty("faces").GetArrayLength(),
        Is.Zero);

    [Test]
    public async Task Detect_Embeddings_AreOfEachFace()
    {
        var json = await (await Client.PostPictureAsync(
            "/v1/detect?embeddings=true", StandInEncoders.Picture(1f, 5f))).ReadJsonAsync();

        Assert.That(
            json.GetProperty("faces").EnumerateArray().Select(face => face.GetProperty("embedding")[0].GetSingle()),
            Is.EqualTo(new[] { 1f, 5f }));
    }

    [TestCase("none", 0)]
    [TestCase("medium", 1)]
    public async Task Detect_Quality_IsTheLevelOfTheReasons(string level, int reasons)
    {
        var json = await (await Client.PostPictureAsync(
            $"/v1/detect?quality={level}", StandInEncoders.Picture("sharpness=60", 1f))).ReadJsonAsync();

        Assert.That(json.GetProperty("faces")[0].Texts("reasons"), Has.Length.EqualTo(reasons));
    }

    [TestCase("Stand-In")]
    [TestCase(StandInEncoders.ModelName)]
    public async Task KnownProfile_IsUsed(string profile)
    {
        var detected = await Client.PostPictureAsync($"/v1/detect?profile={profile}", StandInEncoders.Picture(1f));
        var verified = await VerifyAsync(StandInEncoders.Picture(1f), StandInEncoders.Picture(1f), $"?profile={profile}");

        Assert.That(detected.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(verified.StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task UnknownProfile_IsRefused()
    {
        await AssertProblemAsync(
            await Client.PostPictureAsync("/v1/detect?profile=dlib", StandInEncoders.Picture(1f)),
            HttpStatusCode.BadRequest,
            "unknown-profile");
        await AssertProblemAsync(
            await VerifyAsync(StandInEncoders.Picture(1f), StandInEncoders.Picture(1f), "?profile=dlib"),
            HttpStatusCode.BadRequest,
            "unknown-profile");
    }

    [TestCase(1.5f, "", true)]
    [TestCase(1.7f, "", false)]
    [TestCase(1.7f, "?tolerance=0.75", true)]
    [TestCase(1.25f, "?tolerance=0.25", true, Description = "the tolerance itself matches")]
    public async Task Verify_DistanceWithinTheTolerance_IsAMatch(float second, string query, bool match)
    {
        var json = await (await VerifyAsync(
            StandInEncoders.Picture(1f, 9f), StandInEncoders.Picture(second, 1f), query)).ReadJsonAsync();

        Assert.That(json.GetProperty("match").GetBoolean(), Is.EqualTo(match));
        Assert.That(json.GetProperty("distance").GetSingle(), Is.EqualTo(second - 1).Within(1e-6));
        Assert.That(json.GetProperty("tolerance").GetSingle(), Is.EqualTo(query is [] ? 0.6f : float.Parse(query.Split('=')[1])));
        Assert.That(json.Text("model"), Is.EqualTo(StandInEncoders.ModelName));
        Assert.That(json.GetProperty("second").GetProperty("box").GetProperty("width").GetInt32(), Is.EqualTo(100));
        Assert.That(json.GetProperty("first").GetProperty("quality").GetProperty("size").GetInt32(), Is.EqualTo(100));
        Assert.That(json.GetProperty("first").GetProperty("image").GetProperty("height").GetInt32(), Is.EqualTo(480));
    }

    [TestCase("first")]
    [TestCase("second")]
    public async Task Verify_NoFace_SaysInWhichPicture(string which)
    {
        var (with, without) = (StandInEncoders.Picture(1f), StandInEncoders.Picture());

        var problem = await AssertProblemAsync(
            which == "first" ? await VerifyAsync(without, with) : await VerifyAsync(with, without),
            HttpStatusCode.UnprocessableEntity,
            "no-face");

        Assert.That(problem.Text("picture"), Is.EqualTo(which));
    }

    [Test]
    public async Task Verify_NotAPicture_SaysWhich()
    {
        var problem = await AssertProblemAsync(
            await VerifyAsync(StandInEncoders.Picture(1f), Encoding.UTF8.GetBytes("text")),
            HttpStatusCode.UnsupportedMediaType,
            "not-a-picture");

        Assert.That(problem.Text("picture"), Is.EqualTo("second"));
    }

    [TestCase("?tolerance=0")]
    [TestCase("?tolerance=5")]
    [TestCase("?tolerance=NaN")]
    public async Task Verify_WrongTolerance_IsInvalid(string query) => await AssertProblemAsync(
        await VerifyAsync(StandInEncoders.Picture(1f), StandInEncoders.Picture(1f), query),
        HttpStatusCode.BadRequest,
        "invalid-request");

    [Test]
    public async Task Verify_OnePictureOnly_IsMissingFile()
    {
        var form = new MultipartFormDataContent { { new ByteArrayContent(StandInEncoders.Picture(1f)), "first", "a.png" } };

        var problem = await AssertProblemAsync(
            await Client.PostAsync("/v1/verify", form), HttpStatusCode.BadRequest, "missing-file");

        Assert.That(problem.Text("detail"), Does.Contain("'second'"));
    }

    [Test]
    public async Task Verify_RawPicture_IsUnsupported() => await AssertProblemAsync(
        await Client.PostRawAsync("/v1/verify", StandInEncoders.Picture(1f), "image/png"),
        HttpStatusCode.UnsupportedMediaType,
        "unsupported-content-type");

    private Task<HttpResponseMessage> VerifyAsync(byte[] first, byte[] second, string query = "") =>
        Client.PostAsync("/v1/verify" + query, new MultipartFormDataContent
        {
            { new ByteArrayContent(first), "first", "a.png" },
            { new ByteArrayContent(second), "second", "b.png" },
        });
}
