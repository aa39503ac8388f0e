using System.Net;
using System.Text.Json;
using FaceSearch.Api.Tests.Support;
using FaceSearch.Domain.Access;
using FaceSearch.TestSupport;

namespace FaceSearch.Api.Tests.RealEngine;

/// <summary>Which profile a server takes, from the files that it can have, and what it does with other models' faces.</summary>
internal sealed class EngineProfileTests
{
    private const string DenseNet = "dlib-densenet-v1-testlandmarks";
    private const string Faceplugin = "faceplugin-v1";
    private const string ResNet = "dlib-resnet-v1";

    private static readonly string[] FacepluginFiles = ["fr_detect.onnx", "fr_landmark.onnx", "fr_feature.onnx"];
    private static readonly string[] DenseNetFiles =
        ["mmod_human_face_detector.dat", "face_landmarks_5.dat", "face_recognition_densenet_model_v1.dat"];
    private static readonly string[] ResNetFiles =
        ["mmod_human_face_detector.dat", "shape_predictor_5_face_landmarks.dat", "dlib_face_recognition_resnet_model_v1.dat"];

    private static readonly IReadOnlyList<DrawnPerson> People = DrawnPerson.Take(4);

    [Test]
    public async Task DenseNet_FourRoutes_KnowThePersonAndTheModel()
    {
        using var server = Server("dlib-densenet", DenseNetFiles);
        using var client = server.CreateClient();

        await AssertFourRoutesAsync(server, client, DenseNet);
    }

    [Test]
    public async Task Auto_FilesOfTwoProfiles_TakesTheBetterAndEveryAnswerSaysSo()
    {
        using var server = Server("auto", [.. ResNetFiles, .. FacepluginFiles]);
        using var client = server.CreateClient();

        await AssertFourRoutesAsync(server, client, Faceplugin);
        await AssertEngineAsync(client, Faceplugin, "ultraface", "bestAvailable", null);
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
                await AssertFourRoutesAsync(auto, caller, ResNet);
                await AssertEngineAsync(caller, ResNet, "mmod", "bestAvailable", null);
            }

            using (var auto = Server("auto", [.. FacepluginFiles, .. ResNetFiles], folder))
            {
                auto.Settings["Engine:OtherProfiles:0"] = Faceplugin;
                using var caller = auto.CreateClient();
                await AssertEngineAsync(caller, ResNet, "mmod", "kept", Faceplugin);
                await ReembedAsync(auto, Faceplugin);
            }

            using (var auto = Server("auto", [.. FacepluginFiles, .. ResNetFiles], folder))
            using (var caller = auto.CreateClient())
                await AssertEngineAsync(caller, Faceplugin, "ultraface", "kept", null);
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
        var picture = People[0].Picture();
        try
        {
            using (var faceplugin = Server("faceplugin", FacepluginFiles, folder))
            using (var caller = faceplugin.CreateClient())
                (await caller.PostPictureAsync("/add_face/", picture, "a.jpg")).EnsureSuccessStatusCode();

            using var dlib = Server("dlib", ResNetFiles, folder);
            using var refused = dlib.CreateClient();
            foreach (var route in new[] { "/search_faces/", "/add_face/" })
            {
                await AssertProblemAsync(
                    await refused.PostPictureAsync(route, picture, "a.jpg"), HttpStatusCode.Conflict, "model-not-available");
            }

            await AssertProblemAsync(
                await refused.PostAsync("/add_faces_in_bulk/", Zip()), HttpStatusCode.Conflict, "model-not-available");
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

    private static async Task AssertEngineAsync(
        HttpClient client, string model, string detector, string reason, string? better)
    {
        var ready = await (await client.GetAsync("/health/ready")).ReadJsonAsync();
        var engine = ready.GetProperty("engine");

        Assert.That(engine.Text("model"), Is.EqualTo(model));
        Assert.That(engine.Text("detector"), Is.EqualTo(detector));
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
        var bulk = await PostZipAsync(client);
        Assert.That(bulk.GetProperty("inserted").GetInt32(), Is.EqualTo(People.Count));
        Assert.That(bulk.GetProperty("model").GetString(), Is.EqualTo(model));

        var other = People[1].Picture(0.5);
        var search = await (await client.PostPictureAsync("/search_faces/?tolerance=0.5", other)).ReadJsonAsync();
        Assert.That(search.GetProperty("model").GetString(), Is.EqualTo(model));
        Assert.That(
            search.GetProperty("faces")[0].GetProperty("matches")[0].GetProperty("person").GetString(),
            Is.EqualTo(People[1].Name));

        var add = await client.PostPictureAsync("/add_face/", other, People[1].FileName(2));
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

    private static async Task<JsonElement> PostZipAsync(HttpClient client)
    {
        var response = await client.PostAsync("/add_faces_in_bulk/", Zip());
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        return await response.ReadJsonAsync();
    }

    private static MultipartFormDataContent Zip()
    {
        var zip = Archives.Zip([.. People.Select(person => (person.FileName(), person.Picture()))]);
        return new() { { new ByteArrayContent(zip), "file", "faces.zip" } };
    }

    private static async Task AssertProblemAsync(HttpResponseMessage response, HttpStatusCode status, string code)
    {
        Assert.That(response.StatusCode, Is.EqualTo(status));
        Assert.That((await response.ReadJsonAsync()).GetProperty("type").GetString(), Is.EqualTo("urn:facesearch:problem:" + code));
    }
}
