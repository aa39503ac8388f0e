using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using FaceSearch.Api.Tests.Support.Contract;

namespace FaceSearch.Api.Tests.Http.Document;

/// <summary>The check of every answer finds what a document lacks.</summary>
[Category("Fault-E2")]
internal sealed class AnswerContractTests
{
    private const string Path = "/v1/collections/{collection}/persons/{personId}";

    private const string Json = """{"personId":"4","name":"Ada","faceCount":1,"sampleFaceId":null}""";

    [Test]
    public void Answer_AsDocumented_HasNoViolation() => Assert.That(Find(_ => { }, _ => { }), Is.Empty);

    [Test]
    public void Path_OfNoOperation_IsNotJudged() => Assert.That(Find(_ => { }, _ => { }, path: "/health/live"), Is.Empty);

    [TestCase("ETag")]
    [TestCase("X-Request-Id")]
    public void Header_TakenOutOfTheDocument_IsFound(string name) => Assert.That(
        Find(answers => answers["200"]!["headers"]!.AsObject().Remove(name), _ => { }), Is.EqualTo(new[] { $"header {name} is not documented" }).IgnoreCase);

    [Test]
    public void Header_DocumentedAndNotSent_IsFound() => Assert.That(
        Find(_ => { }, answer => answer.Headers.Remove("ETag")), Is.EqualTo(new[] { "header ETag is documented as required and not sent" }));

    [Test]
    public void Status_TakenOutOfTheDocument_IsFound() => Assert.That(
        Find(answers => answers.Remove("200"), _ => { }), Is.EqualTo(new[] { "status 200 is not documented" }));

    [Test]
    public void ContentType_OfAnother_IsFound() => Assert.That(
        Find(_ => { }, answer => answer.Content.Headers.ContentType = new("text/plain")),
        Is.EqualTo(new[] { "content type text/plain is not documented" }));

    [TestCase("""{"personId":"4","name":"Ada","faceCount":"1","sampleFaceId":null}""", "/faceCount")]
    [TestCase("""{"personId":"4","name":"Ada","faceCount":1}""", "sampleFaceId")]
    [TestCase("""{"personId":"4","name":"Ada","faceCount":1,"sampleFaceId":null,"embedding":[1]}""", "/embedding")]
    public void Body_OfAnotherShape_IsFound(string json, string place) =>
        Assert.That(string.Join('\n', Find(_ => { }, _ => { }, json)), Does.Contain(place));

    private static IReadOnlyList<string> Find(
        Action<JsonObject> changeDocument, Action<HttpResponseMessage> changeAnswer, string json = Json, string path = "/v1/collections/staff/persons/4/")
    {
        var document = ContractHandler.ReadDocument();
        changeDocument(document["paths"]![Path]!["get"]!["responses"]!.AsObject());
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(new Uri("http://localhost"), path));
        using var answer = new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent(json, Encoding.UTF8, "application/json") };
        answer.Headers.TryAddWithoutValidation("ETag", "\"1\"");
        answer.Headers.TryAddWithoutValidation("X-Request-Id", "1");
        changeAnswer(answer);
        return new AnswerContract(document).FindViolations(request, answer, Encoding.UTF8.GetBytes(json));
    }
}
