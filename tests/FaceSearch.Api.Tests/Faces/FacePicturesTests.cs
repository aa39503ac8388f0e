using System.Net;
using System.Net.Http.Headers;
using FaceSearch.Api.Tests.Support;
using FaceSearch.TestSupport;
using SkiaSharp;

namespace FaceSearch.Api.Tests.Faces;

/// <summary>A face's picture and crop, and a server that keeps no pictures.</summary>
internal sealed class FacePicturesTests : FacesFixture
{
    private static readonly byte[] RealPicture = StandInEncoders.Picture(
        DrawnPicture.Quarters(SKEncodedImageFormat.Png, 640, 480), string.Empty, 1f);

    [Test]
    public async Task Image_IsTheOriginalPicture()
    {
        var id = await EnrolOneAsync(RealPicture);

        var response = await Client.GetAsync($"{Faces}/{id}/image");

        Assert.That(response.Content.Headers.ContentType?.MediaType, Is.EqualTo("image/png"));
        Assert.That(await response.Content.ReadAsByteArrayAsync(), Is.EqualTo(RealPicture));
        AssertKeptPrivately(response);
    }

    [TestCase("", 160)]
    [TestCase("?size=16", 16)]
    [TestCase("?size=1024", 1024)]
    public async Task Crop_IsASquareJpeg(string query, int size)
    {
        var id = await EnrolOneAsync(RealPicture);

        var response = await Client.GetAsync($"{Faces}/{id}/crop{query}");
        using var crop = SKBitmap.Decode(await response.Content.ReadAsByteArrayAsync());

        Assert.That(response.Content.Headers.ContentType?.MediaType, Is.EqualTo("image/jpeg"));
        Assert.That((crop.Width, crop.Height), Is.EqualTo((size, size)));
        Assert.That(crop.GetPixel(size / 4, size / 4).Red, Is.GreaterThan(200));
        AssertKeptPrivately(response);
    }

    [TestCase("image")]
    [TestCase("crop")]
    public async Task KnownTag_IsNotSentAgain(string what)
    {
        var id = await EnrolOneAsync(RealPicture);
        var tag = (await Client.GetAsync($"{Faces}/{id}/{what}")).Headers.ETag!;

        var request = new HttpRequestMessage(HttpMethod.Get, $"{Faces}/{id}/{what}");
        request.Headers.IfNoneMatch.Add(new EntityTagHeaderValue(tag.Tag));
        var response = await Client.SendAsync(request);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.NotModified));
    }

    [TestCase("?size=15")]
    [TestCase("?size=1025")]
    [TestCase("?size=large")]
    public async Task Crop_WrongSize_NamesTheField(string query)
    {
        var id = await EnrolOneAsync(RealPicture);

        var problem = await AssertProblemAsync(
            await Client.GetAsync($"{Faces}/{id}/crop{query}"), HttpStatusCode.BadRequest, "invalid-request");

        Assert.That(problem.GetProperty("errors").TryGetProperty("size", out _), Is.True);
    }

    [Test]
    public async Task PicturesNotKept_AreNotFound()
    {
        using var server = new TestServer();
        server.Settings["Enrolment:KeepPictures"] = "false";
        using var client = server.CreateClient();
        client.DefaultRequestHeaders.Add("X-Api-Key", await server.IssueKeyAsync(Domain.Access.AccessScopes.All));
        var added = await (await client.PostPictureAsync("/add_face/", RealPicture)).ReadJsonAsync();
        var face = $"/v1/collections/default/faces/{added.GetProperty("face").Text("faceId")}";

        await AssertProblemAsync(await client.GetAsync(face + "/image"), HttpStatusCode.NotFound, "picture-not-kept");
        await AssertProblemAsync(await client.GetAsync(face + "/crop"), HttpStatusCode.NotFound, "picture-not-kept");
        Assert.That((await client.DeleteAsync(face)).StatusCode, Is.EqualTo(HttpStatusCode.NoContent));
    }

    private static void AssertKeptPrivately(HttpResponseMessage response)
    {
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(response.Headers.CacheControl?.Private, Is.True);
        Assert.That(response.Headers.ETag?.IsWeak, Is.False);
        Assert.That(response.Headers.GetValues("X-Content-Type-Options"), Is.EqualTo(new[] { "nosniff" }));
    }
}
