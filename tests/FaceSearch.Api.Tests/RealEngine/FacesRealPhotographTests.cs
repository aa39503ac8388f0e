using System.Net;
using FaceSearch.Api.Tests.Support;
using FaceSearch.Domain.Access;
using FaceSearch.TestSupport;

namespace FaceSearch.Api.Tests.RealEngine;

/// <summary>The calls of /v1 about faces with the real engine on real photographs.</summary>
internal sealed class FacesRealPhotographTests
{
    private const string Faces = "/v1/collections/default/faces";

    private TestServer server;
    private HttpClient client;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        SharedData.Face("lfw");
        server = new TestServer(realEngine: true);
        server.UseEngine("mobile");
        client = server.CreateClient();
        client.DefaultRequestHeaders.Add("X-Api-Key", await server.IssueKeyAsync(AccessScopes.All));
    }

    [OneTimeTearDown]
    public void Stop()
    {
        client?.Dispose();
        server?.Dispose();
    }

    [TestCaseSource(nameof(BadPhotographs))]
    public async Task Enrol_BadPhotograph_IsRefusedWithTheReason(string path, string reason)
    {
        var response = await client.PostPictureAsync(Faces, await ReadAsync(path));
        var problem = await response.ReadJsonAsync();

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.UnprocessableEntity));
        Assert.That(problem.Texts("reasons"), Does.Contain(reason));
    }

    private static IEnumerable<TestCaseData> BadPhotographs() => SharedData.CasesOfFaces(
        ["odd/blurred.jpg", "low-sharpness"], ["odd/profile.jpeg", "extreme-pose"], ["odd/derived_48x48.jpg", "small-bounding-box"]);

    private static Task<byte[]> ReadAsync(string path) => File.ReadAllBytesAsync(SharedData.Face(path));
}
