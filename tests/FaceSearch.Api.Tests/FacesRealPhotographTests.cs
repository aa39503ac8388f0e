using System.Net;
using System.Text.Json;
using FaceSearch.Domain.Access;
using FaceSearch.TestSupport;

namespace FaceSearch.Api.Tests;

/// <summary>The calls of /v1 about faces with the real engine on real photographs.</summary>
internal sealed class FacesRealPhotographTests
{
    private const string Faces = "/v1/collections/default/faces";

    private TestServer server;
    private HttpClient client;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        SharedData.Model("mobilefacenet.onnx");
        server = new TestServer(realEngine: true) { Settings = { ["Engine:Profile"] = "mobile" } };
        client = server.CreateClient();
        client.DefaultRequestHeaders.Add("X-Api-Key", await server.IssueKeyAsync(AccessScopes.All));
    }

    [OneTimeTearDown]
    public void Stop()
    {
        client?.Dispose();
        server?.Dispose();
    }

    [TestCase("lfw/Ashanti/Ashanti_0001.jpg", "lfw/Ashanti/Ashanti_0003.jpg", true)]
    [TestCase("lfw/Ashanti/Ashanti_0001.jpg", "lfw/David_Spade/David_Spade_0002.jpg", false)]
    public async Task Verify_TwoPhotographs_TellsWhetherOnePerson(string first, string second, bool match)
    {
        var response = await client.PostAsync("/v1/verify?profile=mobile", new MultipartFormDataContent
        {
            { new ByteArrayContent(await ReadAsync(first)), "first", "a.jpg" },
            { new ByteArrayContent(await ReadAsync(second)), "second", "b.jpg" },
        });
        var json = await response.ReadJsonAsync();

        Assert.That(json.GetProperty("match").GetBoolean(), Is.EqualTo(match), json.ToString());
        Assert.That(json.Text("model"), Is.EqualTo("mobilefacenet-v1"));
    }

    [TestCase("MOBILE", HttpStatusCode.OK)]
    [TestCase("mobilefacenet-v1", HttpStatusCode.OK)]
    [TestCase("dlib", HttpStatusCode.BadRequest)]
    public async Task Detect_Profile_ByNameOrModel(string profile, HttpStatusCode status)
    {
        var response = await client.PostPictureAsync(
            $"/v1/detect?profile={profile}", await ReadAsync("group/dlib_2007_007763.jpg"));

        Assert.That(response.StatusCode, Is.EqualTo(status));
        if (status == HttpStatusCode.OK)
            Assert.That((await response.ReadJsonAsync()).GetProperty("faces").GetArrayLength(), Is.EqualTo(7));
    }

    [TestCase("odd/blurred.jpg", "LOW_SHARPNESS")]
    [TestCase("odd/profile.jpeg", "EXTREME_POSE")]
    [TestCase("odd/derived_48x48.jpg", "SMALL_BOUNDING_BOX")]
    public async Task Enrol_BadPhotograph_IsRefusedWithTheReason(string path, string reason)
    {
        var response = await client.PostPictureAsync(Faces, await ReadAsync(path));
        var problem = await response.ReadJsonAsync();

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.UnprocessableEntity));
        Assert.That(problem.Texts("reasons"), Does.Contain(reason));
    }

    // The second face of a group by its box; its crop shows that face, upright where EXIF turned the picture.
    [Test]
    public async Task Enrol_TargetBoxInAGroup_TheCropIsThatFace()
    {
        var group = await ReadAsync("group/dlib_2007_007763.jpg");
        var second = (await DetectAsync(group))[1];
        var box = second.GetProperty("box");
        var target = string.Join(',', new[] { "x", "y", "width", "height" }.Select(side => box.GetProperty(side).GetInt32()));

        var enrolled = await (await client.PostPictureAsync($"{Faces}?targetBox={target}&quality=none", group)).ReadJsonAsync();
        var face = enrolled.GetProperty("faces").EnumerateArray().Single();
        var crop = await client.GetByteArrayAsync($"{Faces}/{face.Text("faceId")}/crop?size=320");

        Assert.That(face.GetProperty("box").ToString(), Is.EqualTo(box.ToString()));
        Assert.That(enrolled.GetProperty("skipped").GetArrayLength(), Is.EqualTo(6));
        var search = await (await client.PostPictureAsync("/search_faces/?k=1", crop)).ReadJsonAsync();
        Assert.That(
            search.GetProperty("faces")[0].GetProperty("matches")[0].Text("faceId"), Is.EqualTo(face.Text("faceId")));
    }

    [Test]
    public async Task Crop_PictureTurnedByExif_ShowsTheFaceUpright()
    {
        var added = await (await client.PostPictureAsync(Faces, await ReadAsync("odd/derived_exif_6.jpg"))).ReadJsonAsync();

        var crop = await client.GetByteArrayAsync($"{Faces}/{added.GetProperty("faces")[0].Text("faceId")}/crop?size=256");

        var face = (await DetectAsync(crop)).Single();
        Assert.That(face.GetProperty("quality").GetProperty("roll").GetSingle(), Is.EqualTo(-17).Within(5));
    }

    private async Task<JsonElement[]> DetectAsync(byte[] picture) =>
        [.. (await (await client.PostPictureAsync("/v1/detect", picture)).ReadJsonAsync()).GetProperty("faces").EnumerateArray()];

    private static Task<byte[]> ReadAsync(string path) => File.ReadAllBytesAsync(SharedData.Face(path));
}
