using System.Reflection;
using System.Text.Json;
using FaceSearch.Api.Tests.Support;
using FaceSearch.Application.Faces;
using FaceSearch.Application.Paging;
using FaceSearch.Application.Persons;
using FaceSearch.Domain.Access;
using FaceSearch.Domain.Faces;
using FaceSearch.Domain.Persons;

namespace FaceSearch.Api.Tests.Http.Document;

/// <summary>The document has the limits that the validators check.</summary>
[Category("Fault-E5")]
internal sealed class DocumentLimitsTests
{
    private TestServer server;
    private JsonElement document;

    public static IEnumerable<object[]> Limits =>
    [
        ["RenamePersonRequest", "name", "maxLength", Person.NameMaxLength],
        ["MergePersonsRequest", "personIds", "minItems", 1],
        ["MergePersonsRequest", "personIds", "maxItems", MergePersonsCommand.MaxPersons],
        ["ChangeFaceRequest", "externalId", "maxLength", Face.ExternalIdMaxLength],
        ["ChangeFaceRequest", "tags", "maxItems", FaceFields.MaxTags],
        ["EmbeddingSearchRequest", "embedding", "maxItems", Embedding.StandardLength],
        ["IssueApiKeyRequest", "name", "maxLength", ApiKey.NameMaxLength],
        ["IssueApiKeyRequest", "scopes", "minItems", 1],
        ["FaceListResponse", "faces", "maxItems", Page.MaxLimit],
    ];

    [OneTimeSetUp]
    public async Task Start()
    {
        server = new TestServer();
        using var client = server.CreateClient();
        document = await (await client.GetAsync("/openapi/v1.json")).ReadJsonAsync();
    }

    [OneTimeTearDown]
    public void Stop() => server.Dispose();

    [TestCaseSource(nameof(Limits))]
    public void Schema_HasTheLimitOfItsValidator(string schema, string property, string limit, int value)
    {
        var found = document.GetProperty("components").GetProperty("schemas").GetProperty(schema).GetProperty("properties").GetProperty(property);

        Assert.That(found.GetProperty(limit).GetInt32(), Is.EqualTo(value));
    }

    [Test]
    public void Tags_OfAFace_HaveALengthEach()
    {
        var tags = document.GetProperty("components").GetProperty("schemas").GetProperty("ChangeFaceRequest").GetProperty("properties").GetProperty("tags");

        Assert.That(tags.GetProperty("items").GetProperty("maxLength").GetInt32(), Is.EqualTo(FaceTag.MaxLength));
    }

    [TestCase("/v1/collections/{collection}/faces", "get", "tag", "maxLength", FaceTag.MaxLength)]
    [TestCase("/v1/collections/{collection}/faces", "post", "tags", "maxItems", FaceFields.MaxTags)]
    [TestCase("/v1/collections/{collection}/persons", "get", "name", "maxLength", Person.NameMaxLength)]
    [TestCase("/v1/collections/{collection}/faces/{faceId}/crop", "get", "size", "maximum", GetFaceCropQuery.MaxSize)]
    public void Parameter_HasTheLimitOfItsValidator(string path, string method, string name, string limit, int value)
    {
        var parameter = document.GetProperty("paths").GetProperty(path).GetProperty(method).GetProperty("parameters")
            .EnumerateArray().Single(one => one.TryGetProperty("name", out var named) && named.GetString() == name);

        Assert.That(parameter.GetProperty("schema").GetProperty(limit).GetInt32(), Is.EqualTo(value));
    }

    [Test]
    public void Enums_AreOpen()
    {
        var enums = document.GetProperty("components").GetProperty("schemas").EnumerateObject()
            .Where(schema => schema.Value.TryGetProperty("enum", out _)).ToArray();

        Assert.That(enums, Has.Length.GreaterThan(5));
        foreach (var schema in enums)
            Assert.That(schema.Value.Text("description"), Does.Contain("later versions may answer further values"), schema.Name);
    }

    [Test]
    public void Version_IsThatOfTheBuild() => Assert.That(
        document.GetProperty("info").Text("version"),
        Is.EqualTo(typeof(Program).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0]));
}
