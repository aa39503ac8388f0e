using System.Text.Json;
using FaceSearch.Api.Tests.Support;
using FaceSearch.TestSupport;

namespace FaceSearch.Api.Tests.Http;

/// <summary>Checks beyond the linter's: the document has no unused parts, and what generators of clients need.</summary>
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

    /// <summary>Without it, Kiota's clients can't upload.</summary>
    [Test, Category("Fault-E1")]
    public void MultipartBodies_EveryField_HasItsContentType()
    {
        var forms = Operations()
            .Where(operation => operation.TryGetProperty("requestBody", out var body) && body.GetProperty("content").TryGetProperty("multipart/form-data", out _))
            .Select(operation => operation.GetProperty("requestBody").GetProperty("content").GetProperty("multipart/form-data"))
            .ToArray();

        Assert.That(forms, Is.Not.Empty);
        foreach (var form in forms)
        {
            var fields = form.GetProperty("schema").GetProperty("properties").EnumerateObject().Select(field => field.Name);
            var encoding = form.GetProperty("encoding").EnumerateObject().ToArray();
            Assert.That(encoding.Select(field => field.Name), Is.EquivalentTo(fields));
            Assert.That(encoding.Select(field => field.Value.Text("contentType")), Is.All.Match("^(text/plain|application/zip|image/.+)$"));
        }
    }

    /// <summary>Generated clients take the answers of a call as one type, and with 304 beside a file as none.</summary>
    [Test, Category("Fault-E1")]
    public void Responses_OfACall_HaveOneType()
    {
        foreach (var operation in Operations())
        {
            var id = operation.GetProperty("operationId").GetString();
            var responses = operation.GetProperty("responses");
            var bodies = responses.EnumerateObject().Where(answer => answer.Name[0] is '2' && answer.Value.TryGetProperty("content", out _)).ToArray();
            var types = bodies.Select(answer => answer.Value.GetProperty("content"))
                .Where(content => content.TryGetProperty("application/json", out _))
                .Select(content => content.GetProperty("application/json").GetProperty("schema").ToString());
            Assert.That(types.Distinct().Count(), Is.LessThanOrEqualTo(1), id);

            var isFile = bodies.Any(answer => answer.Value.GetProperty("content").EnumerateObject().Any(content => !content.Name.Contains("json", StringComparison.Ordinal)));
            Assert.That(isFile && responses.TryGetProperty("304", out _), Is.False, id);
        }
    }

    /// <summary>openapi-ts makes a tuple of it, which no array of numbers fits.</summary>
    [Test, Category("Fault-E1")]
    public void Lists_NoneHasAFixedLength() => Assert.That(
        document.GetProperty("components").GetProperty("schemas").EnumerateObject()
            .Where(schema => schema.Value.TryGetProperty("properties", out _))
            .SelectMany(schema => schema.Value.GetProperty("properties").EnumerateObject())
            .Where(member => member.Value.TryGetProperty("minItems", out var least)
                && member.Value.TryGetProperty("maxItems", out var most) && least.GetInt32() == most.GetInt32())
            .Select(member => member.Name),
        Is.Empty);

    private static IEnumerable<string> ExampleFiles() =>
        Directory.EnumerateDirectories(Path.Combine(SharedData.RepositoryRoot, "src", "FaceSearch.Api"))
            .Select(feature => Path.Combine(feature, "Examples"))
            .Where(Directory.Exists)
            .SelectMany(Directory.EnumerateFiles);

    private IEnumerable<JsonElement> Operations() => document.GetProperty("paths").EnumerateObject()
        .SelectMany(path => path.Value.EnumerateObject())
        .Select(operation => operation.Value);
}
