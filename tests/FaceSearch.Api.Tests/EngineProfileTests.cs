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
    private const string ResNetYuNet = "dlib-resnet-yunet-v1";

    private static readonly string[] MobileFiles = ["yunet_n_dynamic.onnx", "mobilefacenet.onnx"];
    private static readonly string[] DenseNetFiles =
        ["mmod_human_face_detector.dat.bz2", "face_landmarks_5.dat", "face_recognition_densenet_model_v1.dat.bz2"];
    private static readonly string[] ResNetFiles =
        ["yunet_n_dynamic.onnx", "shape_predictor_5_face_landmarks.dat", "dlib_face_recognition_resnet_model_v1.dat"];

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
        server = Server("dlib-densenet", DenseNetFiles);
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
    public async Task Auto_EveryFileIsHere_MobileAndEveryAnswerSaysSo()
    {
        using var auto = Server("auto", [.. MobileFiles, .. ResNetFiles]);
        using var caller = auto.CreateClient();

        await AssertFourRoutesAsync(auto, caller, Mobile);
        await AssertEngineAsync(caller, Mobile, "bestAvailable", null);
    }

    // A database created with a fallback profile keeps it when better files appear, and changes by re-embedding.
    [Test]
    public async Task Auto_DatabaseOfDlib_KeepsItUntilReembedding()
    {
        var folder = Directory.CreateTempSubdirectory("facesearch-test-").FullName;
        try
        {
            using (var auto = Server("auto", ResNetFiles, folder))
            using (var caller = auto.CreateClient())
            {
                await AssertFourRoutesAsync(auto, caller, ResNetYuNet);
                await AssertEngineAsync(caller, ResNetYuNet, "bestAvailable", null);
            }

            using (var auto = Server("auto", [.. MobileFiles, .. ResNetFiles], folder))
            {
                auto.Settings["Engine:OtherProfiles:0"] = Mobile;
                using var caller = auto.CreateClient();
                await AssertEngineAsync(caller, ResNetYuNet, "kept", Mobile);
                await ReembedAsync(auto, Mobile);
            }

            using (var auto = Server("auto", [.. MobileFiles, .. ResNetFiles], folder))
            using (var caller = auto.CreateClient())
                await AssertEngineAsync(caller, Mobile, "kept", null);
        }
        finally
        {
            Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
            Directory.Delete(folder, recursive: true);
        }
    }

    [Test]
    public async Task CollectionOfAnotherModel_IsRefused()
    {
        var folder = Directory.CreateTempSubdirectory("facesearch-test-").FullName;
        var picture = await File.ReadAllBytesAsync(SharedData.Face(Enrolled[0]));
        try
        {
            using (var mobile = Server("mobile", MobileFiles, folder))
            using (var caller = mobile.CreateClient())
                (await caller.PostPictureAsync("/add_face/", picture, "a.jpg")).EnsureSuccessStatusCode();

            using var dlib = Server("dlib-densenet", DenseNetFiles, folder);
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

    /// <summary>A server with these model files only; it uses no other source.</summary>
    private static TestServer Server(string profile, string[] files, string? folder = null)
    {
        var server = new TestServer(folder: folder, realEngine: true);
        var mirror = Directory.CreateDirectory(Path.Combine(server.Folder, "mirror")).FullName;
        foreach (var path in files.Distinct().Select(SharedData.Model))
        {
            var copy = Path.Combine(mirror, Path.GetFileName(path));
            if (!File.Exists(copy))
                File.CreateSymbolicLink(copy, path);
        }

        server.Settings["Engine:Profile"] = profile;
        server.Settings["Models:Directory"] = Path.Combine(server.Folder, "models");
        server.Settings["Models:Mirrors:0"] = mirror;
        server.Settings["Models:Download"] = "false";
        return server;
    }

    private static async Task AssertEngineAsync(HttpClient client, string model, string reason, string? better)
    {
        var ready = await (await client.GetAsync("/health/ready")).ReadJsonAsync();
        var engine = ready.GetProperty("engine");

        Assert.That(engine.Text("model"), Is.EqualTo(model));
        Assert.That(engine.Text("detector"), Is.EqualTo("yunet"));
        Assert.That(engine.Text("reason"), Is.EqualTo(reason));
        Assert.That(engine.Text("better"), Is.EqualTo(better));
    }

    private static async Task ReembedAsync(TestServer server, string model)
    {
        using var admin = server.CreateClient(await server.IssueKeyAsync(AccessScopes.All));
        var started = await admin.PostAsync($"/v1/collections/default/reembed?profile={model}", null);
        Assert.That(started.StatusCode, Is.EqualTo(HttpStatusCode.Accepted));
        var state = "queued";
        for (var deadline = DateTime.UtcNow.AddMinutes(1); state is "queued" or "running"; await Task.Delay(50))
        {
            Assert.That(DateTime.UtcNow, Is.LessThan(deadline));
            state = (await (await admin.GetAsync(started.Headers.Location)).ReadJsonAsync()).Text("state");
        }

        Assert.That(state, Is.EqualTo("succeeded"));
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
