using System.IO.Compression;
using System.Net;
using System.Text.Json;
using FaceSearch.Api.Tests.Support;
using FaceSearch.TestSupport;

namespace FaceSearch.Api.Tests.RealEngine;

/// <summary>The server with its real engine, over real HTTP, on real photographs and broken files.</summary>
internal sealed class RealPhotographTests
{
    private TestServer server;
    private HttpClient client;

    [OneTimeSetUp]
    public void Start()
    {
        server = new TestServer(realEngine: true);
        SharedData.Face("lfw");
        server.UseEngine("mobile");
        server.UseKestrel(0);
        server.StartServer();
        client = server.CreateClient();
        client.Timeout = TimeSpan.FromMinutes(5);
    }

    [OneTimeTearDown]
    public void Stop()
    {
        client?.Dispose();
        server?.Dispose();
    }

    [Test]
    public async Task LfwZip_IsEnrolledOnce()
    {
        var zip = ZipOf("lfw");

        var first = await PostZipAsync(zip);
        var second = await PostZipAsync(zip);

        Assert.That(first.GetProperty("inserted").GetInt32(), Is.GreaterThanOrEqualTo(370));
        Assert.That(second.GetProperty("inserted").GetInt32(), Is.Zero);
        Assert.That(second.GetProperty("duplicates").GetInt32(), Is.EqualTo(first.GetProperty("inserted").GetInt32()));
    }

    [TestCaseSource(nameof(OddPictures))]
    public async Task OddPicture_IsSearched(string path, int faces)
    {
        var response = await client.PostPictureAsync(
            "/search_faces/", await File.ReadAllBytesAsync(SharedData.Face(path)), Path.GetFileName(path));

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That((await response.ReadJsonAsync()).GetProperty("faces").GetArrayLength(), Is.EqualTo(faces));
    }

    private static IEnumerable<TestCaseData> OddPictures() => SharedData.CasesOfFaces(
        ["odd/png_content_named.jpg", 1], ["odd/webp_content_named.jpeg", 1], ["odd/derived_cmyk.jpg", 1],
        ["odd/derived_exif_6.jpg", 1], ["noface/skimage_coffee.png", 0]);

    private async Task<JsonElement> PostZipAsync(byte[] zip)
    {
        var response = await client.PostAsync(
            "/add_faces_in_bulk/", new MultipartFormDataContent { { new ByteArrayContent(zip), "file", "lfw.zip" } });
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        return await response.ReadJsonAsync();
    }

    private static byte[] ZipOf(string folder)
    {
        using var buffer = new MemoryStream();
        ZipFile.CreateFromDirectory(SharedData.Face(folder), buffer, CompressionLevel.NoCompression, includeBaseDirectory: true);
        return buffer.ToArray();
    }
}
