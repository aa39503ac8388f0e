using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using FaceSearch.Api.Tests.Support;
using FaceSearch.Application.Abstractions;
using FaceSearch.Application.Enrolment;
using FaceSearch.Domain.Access;
using FaceSearch.Domain.Faces;
using FaceSearch.TestSupport;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace FaceSearch.Api.Tests.Faces;

internal sealed class FaceInfoTests
{
    private static readonly byte[] Picture = StandInEncoders.Picture(1f, 2f);

    private TestServer server;
    private HttpClient client;
    private string key;
    private string imageId;

    [OneTimeSetUp]
    public async Task EnrolAsync()
    {
        server = new TestServer();
        client = server.CreateClient();
        key = await server.IssueKeyAsync(AccessScopes.Read);
        var added = await client.PostPictureAsync("/add_face/", Picture, "Ada_Lovelace_0007.png");
        imageId = (await added.ReadJsonAsync()).GetProperty("face").GetProperty("imageId").GetString()!;
    }

    [OneTimeTearDown]
    public void Stop()
    {
        client.Dispose();
        server.Dispose();
    }

    [Test]
    public async Task GetFaceInfo_KeyInTheForm_AnswersTheMetadata()
    {
        var response = await AskAsync(imageId, key);
        var json = await response.ReadJsonAsync();

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(json.GetProperty("imageId").GetString(), Is.EqualTo(imageId));
        Assert.That(json.GetProperty("fileName").GetString(), Is.EqualTo("Ada_Lovelace_0007.png"));
        Assert.That(json.GetProperty("person").GetString(), Is.EqualTo("Ada Lovelace"));
        Assert.That(json.GetProperty("version").GetInt32(), Is.EqualTo(7));
        Assert.That(json.GetProperty("sha256").GetString(), Is.EqualTo(NewImage.HashOf(Picture)));
        Assert.That(json.GetProperty("bytes").GetInt64(), Is.EqualTo(Picture.Length));
        Assert.That(json.GetProperty("format").GetString(), Is.EqualTo("png"));
        Assert.That(json.GetProperty("width").GetInt32(), Is.EqualTo(640));
        Assert.That(json.GetProperty("height").GetInt32(), Is.EqualTo(480));
        Assert.That(json.GetProperty("location").ValueKind, Is.EqualTo(JsonValueKind.Null));
        Assert.That(json.GetProperty("addedAt").GetString(), Does.EndWith("Z"));
        Assert.That(json.GetProperty("addedAt").GetDateTime(), Is.EqualTo(DateTime.UtcNow).Within(TimeSpan.FromMinutes(5)));
        Assert.That(json.GetProperty("model").GetString(), Is.EqualTo(StandInEncoders.ModelName));
        Assert.That(json.GetProperty("faces").GetArrayLength(), Is.EqualTo(1));
    }

    // As an earlier version stored it.
    [Test, Category("Fault-F5")]
    public async Task StoredBoxPastTheBorder_AnswersThePartInThePicture()
    {
        var added = await (await client.PostPictureAsync("/add_face/", StandInEncoders.Picture(30f))).ReadJsonAsync();
        var (image, face) = (added.GetProperty("face").Text("imageId")!, added.GetProperty("face").Text("faceId")!);
        var id = long.Parse(face, CultureInfo.InvariantCulture);
        await using var scope = server.Services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<IFaceSearchDbContext>().Faces.Where(row => row.Id == id)
            .ExecuteUpdateAsync(row => row.SetProperty(f => f.Box, new BoundingBox(-10, 400, 900, 100)));

        var info = await (await AskAsync(image, key)).ReadJsonAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/v1/collections/default/faces/{face}");
        request.Headers.Add("X-Api-Key", key);
        var one = await (await client.SendAsync(request)).ReadJsonAsync();

        foreach (var box in new[] { info.GetProperty("faces")[0], one }.Select(json => json.GetProperty("box")))
            Assert.That(box.GetRawText(), Is.EqualTo("""{"x":0,"y":400,"width":640,"height":80}"""));
    }

    [TestCase("X-Api-Key")]
    [TestCase("Authorization")]
    public async Task GetFaceInfo_KeyInAHeader_Works(string header)
    {
        using var request = Request(imageId, key: null);
        if (header == "Authorization")
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        else
            request.Headers.Add(header, key);

        Assert.That((await client.SendAsync(request)).StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task GetFaceInfo_MultipartForm_Works()
    {
        var form = new MultipartFormDataContent
        {
            { new StringContent(imageId), "image_id" }, { new StringContent(key), "api_key" },
        };

        Assert.That((await client.PostAsync("/get_face_info/", form)).StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }

    [TestCase(null)]
    [TestCase("")]
    [TestCase("fs_wrong")]
    public async Task GetFaceInfo_NoOrWrongKey_Is401(string? wrong)
    {
        var response = await AskAsync(imageId, wrong);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
        Assert.That(response.Content.Headers.ContentType?.MediaType, Is.EqualTo("application/problem+json"));
        Assert.That(response.Headers.WwwAuthenticate, Is.Not.Empty);
    }

    [Test]
    public async Task GetFaceInfo_KeyInTheUrl_Is401()
    {
        var response = await client.PostAsync($"/get_face_info/?api_key={key}", Form(imageId, null));

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
    }

    [Test]
    public async Task GetFaceInfo_KeyWithoutTheScope_Is403()
    {
        var response = await AskAsync(imageId, await server.IssueKeyAsync(AccessScopes.Search | AccessScopes.Write));

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Forbidden));
        Assert.That((await response.ReadJsonAsync()).GetProperty("type").GetString(), Does.EndWith(":forbidden"));
    }

    [TestCase("99999")]
    [TestCase("abc")]
    [TestCase("-1")]
    [TestCase("99999999999999999999999")]
    public async Task GetFaceInfo_UnknownId_Is404(string id)
    {
        var response = await AskAsync(id, key);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
        Assert.That((await response.ReadJsonAsync()).GetProperty("type").GetString(), Does.EndWith(":image-not-found"));
    }

    [Test]
    public async Task GetFaceInfo_NoId_Is400()
    {
        var response = await client.PostAsync(
            "/get_face_info/", new FormUrlEncodedContent([new("api_key", key)]));

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.BadRequest));
        Assert.That((await response.ReadJsonAsync()).GetProperty("errors").TryGetProperty("image_id", out _), Is.True);
    }

    private Task<HttpResponseMessage> AskAsync(string id, string? apiKey) => client.SendAsync(Request(id, apiKey));

    private static HttpRequestMessage Request(string id, string? key) =>
        new(HttpMethod.Post, "/get_face_info/") { Content = Form(id, key) };

    private static FormUrlEncodedContent Form(string id, string? key) =>
        new(key is null ? [new("image_id", id)] : [new("image_id", id), new("api_key", key)]);
}
