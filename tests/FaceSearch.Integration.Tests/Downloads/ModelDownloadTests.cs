using FaceSearch.Api.Tests.Support;
using FaceSearch.Integration.Tests.Support;
using FaceSearch.TestSupport;

namespace FaceSearch.Integration.Tests.Downloads;

/// <summary>Server processes without any model file, whose https addresses are answered by a stand-in on this machine.</summary>
internal sealed class ModelDownloadTests
{
    private string folder;

    [SetUp]
    public void MakeFolder()
    {
        folder = Directory.CreateTempSubdirectory("facesearch-").FullName;
        SharedData.Model("mobilefacenet.onnx");
        SharedData.Model("human_face_feat_mfn_s8_v1.p4.espdl");
    }

    [TearDown]
    public void RemoveFolder() => Directory.Delete(folder, recursive: true);

    [TestCase("auto", "mfn")]
    [TestCase("mobile", "mobile")]
    public async Task Start_ModelsByHttps_RunsTheProfile(string configured, string expected)
    {
        await using var standIn = await GitHubStandIn.StartAsync(folder);
        await using (var server = await StartAsync(standIn, configured))
        {
            var health = await (await server.Client.GetAsync("/health/ready")).ReadJsonAsync();
            Assert.That(health.GetProperty("engine").GetProperty("profile").GetString(), Is.EqualTo(expected));
        }

        Assert.That(standIn.Requests, Is.Not.Empty.And.All.Contain("githubusercontent.com/"));
        var fetched = standIn.Requests.Count;
        await using (await StartAsync(standIn, configured))
            Assert.That(standIn.Requests, Has.Count.EqualTo(fetched), "the second start downloads no file");
    }

    private Task<ServerProcess> StartAsync(GitHubStandIn standIn, string profile) =>
        ServerProcess.StartAsync(folder, new(standIn.Environment)
        {
            ["Engine:Profile"] = profile,
            ["Models:Directory"] = Path.Combine(folder, "models"),
            ["Models:Mirrors:0"] = Path.Combine(folder, "no-mirror"),
            ["Models:Download"] = "true",
        });
}
