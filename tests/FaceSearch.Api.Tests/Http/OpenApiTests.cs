using System.Text.Json;
using System.Text.RegularExpressions;
using FaceSearch.Api.Http.Problems;
using FaceSearch.Api.Tests.Support;
using FaceSearch.TestSupport;

namespace FaceSearch.Api.Tests.Http;

/// <summary>Checks beyond the linter's: the document has no unused parts, and every code exists.</summary>
internal sealed partial class OpenApiTests
{
    private static readonly string[] NotOfAnyOperation =
        ["internal-error", "route-not-found", "method-not-allowed", "storage-full", "http-error"];

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

    [Test]
    public void Problems_EveryCodeInTheSource_HasARowWithItsStatus()
    {
        var sources = Directory.EnumerateFiles(Path.Combine(SharedData.RepositoryRoot, "src"), "*.cs", SearchOption.AllDirectories);
        var codes = sources.SelectMany(file => ErrorKindAndCode().Matches(File.ReadAllText(file)))
            .Select(match => match.Groups["code"].Value).Distinct();

        // A refusal of the web server itself has no fixed status.
        Assert.That(codes.Except([.. ProblemCatalogue.All.Keys, "http-error"]), Is.Empty);
    }

    [Test]
    public void Problems_EveryRow_IsOfAnOperation()
    {
        var documented = document.GetProperty("components").GetProperty("examples").EnumerateObject().Select(one => one.Name);

        Assert.That(ProblemCatalogue.All.Keys.Except(documented), Is.SubsetOf(NotOfAnyOperation));
    }

    [TestCase("duplicate-picture", 409)]
    [TestCase("no-face", 422)]
    [TestCase("storage-unavailable", 503)]
    public void Problems_KnownCode_HasItsStatus(string code, int status) =>
        Assert.That(ProblemCatalogue.StatusOf(code), Is.EqualTo(status));

    private IEnumerable<JsonElement> Operations() => document.GetProperty("paths").EnumerateObject()
        .SelectMany(path => path.Value.EnumerateObject())
        .Select(operation => operation.Value);

    [GeneratedRegex("""ErrorKind\.\w+,\s*"(?<code>[a-z-]+)",""")]
    private static partial Regex ErrorKindAndCode();
}
