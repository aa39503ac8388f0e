using System.Text.Json;
using FaceSearch.Api.Tests.Support;
using FaceSearch.TestSupport;

namespace FaceSearch.Api.Tests.Http;

/// <summary>Checks beyond the linter's: the document has no unused parts.</summary>
internal sealed class OpenApiTests
{
    private TestServer server;
    private JsonElement document;

    [OneTimeSetUp]
    public async Task Start()
    {
        server = new TestServer();
        using var client = server.CreateClient();
        document = await (await client.GetAsync("/openapi/v1.json")).ReadJsonAsync();
    }

    [OneTimeTearDown]
    public void Stop() => server.Dispose();

    [Test]
    public void Examples_EveryFile_IsOfAnOperation()
    {
        var ids = Operations().Select(operation => operation.GetProperty("operationId").GetString());

        Assert.That(ExampleFiles().Select(Path.GetFileNameWithoutExtension), Is.EquivalentTo(ids));
    }

    [Test]
    public void Examples_EveryParameterNamed_IsInTheDocument()
    {
        foreach (var operation in Operations())
        {
            var id = operation.GetProperty("operationId").GetString();
            var file = ExampleFiles().Single(path => Path.GetFileNameWithoutExtension(path) == id);
            using var example = JsonDocument.Parse(File.ReadAllText(file));
            if (!example.RootElement.TryGetProperty("parameters", out var named))
                continue;

            var known = operation.GetProperty("parameters").EnumerateArray().Select(one => one.GetProperty("name").GetString());
            Assert.That(named.EnumerateObject().Select(one => one.Name), Is.SubsetOf(known), id);
        }
    }

    private static IEnumerable<string> ExampleFiles() =>
        Directory.EnumerateDirectories(Path.Combine(SharedData.RepositoryRoot, "src", "FaceSearch.Api"))
            .Select(feature => Path.Combine(feature, "Examples"))
            .Where(Directory.Exists)
            .SelectMany(Directory.EnumerateFiles);

    private IEnumerable<JsonElement> Operations() => document.GetProperty("paths").EnumerateObject()
        .SelectMany(path => path.Value.EnumerateObject())
        .Select(operation => operation.Value);
}
