using System.Net;
using FaceSearch.Api.Tests.Support;
using FaceSearch.TestSupport;

namespace FaceSearch.Api.Tests.Hosting;

internal sealed class ServiceTests
{
    private TestServer server;
    private HttpClient client;

    [OneTimeSetUp]
    public void Start()
    {
        server = new TestServer();
        client = server.CreateClient();
    }

    [OneTimeTearDown]
    public void Stop()
    {
        client.Dispose();
        server.Dispose();
    }

    [Test]
    public async Task OpenApi_Document_IsTheCommittedOne()
    {
        var served = await client.GetStringAsync("/openapi/v1.json");
        var file = Path.Combine(SharedData.RepositoryRoot, "docs", "openapi.json");
        var committed = File.Exists(file) ? await File.ReadAllTextAsync(file) : string.Empty;

        if (Environment.GetEnvironmentVariable("UPDATE_OPENAPI") == "1")
            await File.WriteAllTextAsync(file, served);
        else
            Assert.That(served, Is.EqualTo(committed), "Run the tests with UPDATE_OPENAPI=1 and review the difference.");
    }

    [Test]
    public async Task OpenApi_EveryOperation_HasAnIdAKeyAndProblems()
    {
        var paths = (await (await client.GetAsync("/openapi/v1.json")).ReadJsonAsync()).GetProperty("paths");
        var operations = paths.EnumerateObject().SelectMany(path => path.Value.EnumerateObject()).ToArray();

        Assert.That(operations, Is.Not.Empty);
        foreach (var operation in operations.Select(operation => operation.Value))
        {
            Assert.That(operation.GetProperty("operationId").GetString(), Is.Not.Empty);
            Assert.That(operation.GetProperty("summary").GetString(), Is.Not.Empty);
            var takesKeyInForm = operation.GetProperty("operationId").GetString() == "getFaceInfo";
            Assert.That(operation.GetProperty("security").GetArrayLength(), Is.EqualTo(takesKeyInForm ? 3 : 2));
            Assert.That(operation.GetProperty("responses").GetProperty("401").GetProperty("content")
                .TryGetProperty("application/problem+json", out _), Is.True);
        }
    }

    [Test]
    public async Task OpenApi_PictureUpload_IsBinaryInEveryForm()
    {
        var content = (await (await client.GetAsync("/openapi/v1.json")).ReadJsonAsync())
            .GetProperty("paths").GetProperty("/search_faces").GetProperty("post")
            .GetProperty("requestBody").GetProperty("content");

        Assert.That(content.GetProperty("image/jpeg").GetProperty("schema").GetProperty("format").GetString(), Is.EqualTo("binary"));
        Assert.That(
            content.GetProperty("multipart/form-data").GetProperty("schema").GetProperty("properties")
                .TryGetProperty("file", out _),
            Is.True);
    }

    [Test]
    public async Task Docs_Page_CallsNoOtherHost()
    {
        var page = await client.GetStringAsync("/docs/");

        Assert.That(page, Does.Contain("scalar"));
        Assert.That(page, Does.Not.Match("(src|href)=\"https?://"));
    }

    [Test]
    public async Task Health_Live_AnswersOneWord() =>
        Assert.That(await client.GetStringAsync("/health/live"), Is.EqualTo("Healthy"));

    [Test]
    public async Task Health_Ready_HasTheChecksAndTheEngine()
    {
        var response = await client.GetAsync("/health/ready");
        var json = await response.ReadJsonAsync();

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(json.Text("status"), Is.EqualTo("healthy"));
        Assert.That(
            json.GetProperty("checks").EnumerateArray().Select(check => (check.Text("name"), check.Text("status"))),
            Is.EquivalentTo(new[] { ("database", "healthy"), ("engine", "healthy"), ("index", "healthy") }));
        Assert.That(json.GetProperty("engine").ToString(), Is.EqualTo(
            """{"profile":"stand-in","model":"stand-in-v1","detector":"text","reason":"configured","better":null}"""));
    }
}
