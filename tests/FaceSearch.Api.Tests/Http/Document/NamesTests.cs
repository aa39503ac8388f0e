using System.Text.Json;
using System.Text.RegularExpressions;
using FaceSearch.Api.Tests.Support;

namespace FaceSearch.Api.Tests.Http.Document;

/// <summary>A name of the contract has one meaning: <c>docs/renamed.md</c> has the names that changed.</summary>
[Category("Fault-E4")]
internal sealed partial class NamesTests
{
    /// <summary>Answers of the four unversioned routes. Their names stay.</summary>
    private static readonly string[] Unversioned =
        ["AddFaceResponse", "BulkEnrolmentResponse", "EnrolledFaceResponse", "FaceInfoResponse", "SearchFacesMatch"];

    private JsonElement document;

    [OneTimeSetUp]
    public async Task Read()
    {
        using var server = new TestServer();
        using var client = server.CreateClient();
        document = await (await client.GetAsync("/openapi/v1.json")).ReadJsonAsync();
    }

    [Test]
    public void Members_OfOneName_HaveOneType()
    {
        var kinds = Schemas().SelectMany(MembersOf).ToLookup(member => member.Name, member => member.Kind);

        Assert.That(
            kinds.Where(kind => kind.Distinct().Count() > 1).Select(kind => $"{kind.Key}: {string.Join(", ", kind.Distinct())}"), Is.Empty);
    }

    [Test]
    public void PathParameters_NameTheirResource()
    {
        var names = document.GetProperty("paths").EnumerateObject()
            .SelectMany(path => PathParameter().Matches(path.Name)).Select(match => match.Groups["name"].Value).Distinct();

        Assert.That(names, Is.EquivalentTo(["collection", "faceId", "imageId", "jobId", "keyId", "personId"]));
    }

    [Test]
    public void Version_IsOnlyInTheUnversionedAnswers() => Assert.That(
        Schemas().SelectMany(MembersOf).Select(member => member.Name), Has.None.EqualTo("version"));

    [TestCase("SearchFacesResponse", "image collection model k tolerance faces")]
    [TestCase("SearchFacesFace", "box score main matches groups truncated")]
    [TestCase("SearchFacesMatch", "rank distance faceId imageId person version personId externalId tags")]
    [TestCase("AddFaceResponse", "face skipped model")]
    [TestCase("EnrolledFaceResponse", "faceId imageId box score person version main")]
    [TestCase("SkippedFaceResponse", "box score")]
    [TestCase("BulkEnrolmentResponse", "jobId inserted duplicates failed skipped failures model")]
    [TestCase("FaceInfoResponse", "imageId fileName person version sha256 bytes format width height capturedAt camera location addedAt model faces")]
    public void UnversionedAnswers_HaveTheirMembersForEver(string schema, string members) => Assert.That(
        document.GetProperty("components").GetProperty("schemas").GetProperty(schema).GetProperty("properties").EnumerateObject()
            .Select(member => member.Name),
        Is.EqualTo(members.Split(' ')));

    [Test]
    public void Reasons_AreWrittenLikeTheCodesOfProblems() => Assert.That(
        document.GetProperty("components").GetProperty("schemas").GetProperty("RefusalReason").Texts("enum"),
        Is.All.Matches<string?>(reason => reason is not null && Code().IsMatch(reason)));

    private IEnumerable<JsonProperty> Schemas() => document.GetProperty("components").GetProperty("schemas").EnumerateObject()
        .Where(schema => !Unversioned.Contains(schema.Name) && schema.Value.TryGetProperty("properties", out _));

    private IEnumerable<(string Name, string Kind)> MembersOf(JsonProperty schema) =>
        schema.Value.GetProperty("properties").EnumerateObject().Select(member => (member.Name, KindOf(member.Value)));

    /// <summary>A number and a whole number are one kind, texts and enums are another; null is none.</summary>
    private string KindOf(JsonElement schema)
    {
        if (schema.TryGetProperty("$ref", out var other))
            return KindOf(document.GetProperty("components").GetProperty("schemas").GetProperty(other.GetString()!.Split('/')[^1]));
        if (schema.TryGetProperty("enum", out _))
            return "string";
        if (!schema.TryGetProperty("type", out var type))
            return "object";
        var name = type.ValueKind == JsonValueKind.Array
            ? type.EnumerateArray().Select(part => part.GetString()!).First(part => part != "null")
            : type.GetString()!;
        return name == "integer" ? "number" : name;
    }

    [GeneratedRegex(@"\{(?<name>[^}]+)\}")]
    private static partial Regex PathParameter();

    [GeneratedRegex("^[a-z]+(-[a-z]+)*$")]
    private static partial Regex Code();
}
