using System.IO.Compression;
using System.Net;
using System.Text.Json;
using FaceSearch.Domain.Access;
using FaceSearch.TestSupport;

namespace FaceSearch.Api.Tests;

/// <summary>The four routes on profiles other than <c>mobile</c>, with the real engine on real photographs.</summary>
internal sealed class EngineProfileTests
{
    private const string DenseNet = "dlib-densenet-v1-testlandmarks";
    private const string Mobile = "mobilefacenet-v1";

    private static readonly string[] Enrolled =
    [
        "lfw/Ashanti/Ashanti_0001.jpg", "lfw/Ashanti/Ashanti_0003.jpg", "lfw/David_Spade/David_Spade_0002.jpg",
        "lfw/Kim_Ryong-sung/Kim_Ryong-sung_0003.jpg", "lfw/Natasha_Henstridge/Natasha_Henstridge_0001.jpg",
    ];

    private TestServer server;
    private HttpClient client;

    [OneTimeSetUp]
    public void Start()
    {
        server = Server("dlib-densenet");
        client = server.CreateClient();
    }

    [OneTimeTearDown]
    public void Stop()
    {
        client?.Dispose();
        server?.Dispose();
    }

    [Test]
    public Task DenseNet_FourRoutes_KnowThePersonAndTheModel() => AssertFourRoutesAsync(server, client, DenseNet);

    [Test]
    public async Task Auto_DlibsFilesCantBeHad_MobileAndEveryAnswerSaysSo()
    {
        using var auto = Server("auto");
        using var caller = auto.CreateClient();

        await AssertFourRoutesAsync(auto, caller, Mobile);
    }

    [Test]
    public async Task CollectionOfAnotherModel_IsRefused()
    {
        var folder = Directory.CreateTempSubdirectory("facesearch-test-").FullName;
        var picture = await File.ReadAllBytesAsync(SharedData.Face(Enrolled[0]));
        try
        {
            using (var mobile = Server("mobile", folder))
            using (var caller = mobile.CreateClient())
                (await caller.PostPictureAsync("/add_face/", picture, "a.jpg")).EnsureSuccessStatusCode();

            using var dlib = Server("dlib-densenet", folder);
            using var refused = dlib.CreateClient();
            foreach (var route in new[] { "/search_faces/", "/add_face/" })
            {
                await AssertProblemAsync(
                    await refused.PostPictureAsync(route, picture, "a.jpg"), HttpStatusCode.Conflict, "model-not-available");
            }

            await AssertProblemAsync(
                await refused.PostAsync("/add_faces_in_bulk/", Zip(Enrolled.Select(SharedData.Face))),
                HttpStatusCode.Conflict,
                "model-not-available");
        }
        finally
        {
            Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>A server whose models are those of ../shared, whatever else this checkout or the internet has.</summary>
    private static TestServer Server(string profile, string? folder = null)
    {
        var mirror = Path.GetDirectoryName(SharedData.Model("face_recognition_densenet_model_v1.dat.bz2"))!;
        var server = new TestServer(folder: folder, realEngine: true);
        server.Settings["Engine:Profile"] = profile;
        server.Settings["Models:Directory"] = Path.Combine(server.Folder, "models");
        server.Settings["Models:Mirrors:0"] = mirror;
        server.Settings["Models:Download"] = "false";
        return server;
    }

    private static async Task AssertFourRoutesAsync(TestServer server, HttpClient client, string model)
    {
        var bulk = await PostZipAsync(client, Enrolled.Select(SharedData.Face));
        Assert.That(bulk.GetProperty("inserted").GetInt32(), Is.EqualTo(Enrolled.Length));
        Assert.That(bulk.GetProperty("model").GetString(), Is.EqualTo(model));

        var stranger = await File.ReadAllBytesAsync(SharedData.Face("lfw/Ashanti/Ashanti_0002.jpg"));
        var search = await (await client.PostPictureAsync("/search_faces/?tolerance=0.7", stranger)).ReadJsonAsync();
        Assert.That(search.GetProperty("model").GetString(), Is.EqualTo(model));
        Assert.That(
            search.GetProperty("faces")[0].GetProperty("matches")[0].GetProperty("person").GetString(), Is.EqualTo("Ashanti"));

        var add = await client.PostPictureAsync("/add_face/", stranger, "Ashanti_0002.jpg");
        var added = await add.ReadJsonAsync();
        Assert.That(add.StatusCode, Is.EqualTo(HttpStatusCode.Created));
        Assert.That(added.GetProperty("model").GetString(), Is.EqualTo(model));

        var info = await client.PostAsync("/get_face_info/", new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["image_id"] = added.GetProperty("face").GetProperty("imageId").GetString()!,
            ["api_key"] = await server.IssueKeyAsync(AccessScopes.Read),
        }));
        Assert.That((await info.ReadJsonAsync()).GetProperty("model").GetString(), Is.EqualTo(model));
    }

    private static async Task<JsonElement> PostZipAsync(HttpClient client, IEnumerable<string> files)
    {
        var response = await client.PostAsync("/add_faces_in_bulk/", Zip(files));
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        return await response.ReadJsonAsync();
    }

    private static MultipartFormDataContent Zip(IEnumerable<string> files)
    {
        using var buffer = new MemoryStream();
        using (var archive = new ZipArchive(buffer, ZipArchiveMode.Create))
        {
            foreach (var file in files)
                archive.CreateEntryFromFile(file, Path.GetFileName(file), CompressionLevel.NoCompression);
        }

        return new() { { new ByteArrayContent(buffer.ToArray()), "file", "faces.zip" } };
    }

    private static async Task AssertProblemAsync(HttpResponseMessage response, HttpStatusCode status, string code)
    {
        Assert.That(response.StatusCode, Is.EqualTo(status));
        Assert.That((await response.ReadJsonAsync()).GetProperty("type").GetString(), Is.EqualTo("urn:facesearch:problem:" + code));
    }
}
