using System.Net;
using System.Text.Json;
using FaceSearch.Api.Tests.Support;
using FaceSearch.Domain.Access;

namespace FaceSearch.Api.Tests.Search;

internal sealed class CalibrationTests
{
    private TestServer server;
    private HttpClient client;
    private StoredGallery gallery;

    [OneTimeSetUp]
    public async Task StoreAsync()
    {
        server = new TestServer();
        client = server.CreateClient();
        client.DefaultRequestHeaders.Add("X-Api-Key", await server.IssueKeyAsync(AccessScopes.Read));
        gallery = await StoredGallery.StoreAsync(
            server,
            [
                new WantedFace(0f, 0, "Ada"), new WantedFace(0.5f, 0, "Ada"), new WantedFace(1f, 0, "Alan"),
                new WantedFace(1.25f, 0, "Alan"), new WantedFace(7f),
            ]);
    }

    [OneTimeTearDown]
    public void Stop()
    {
        client.Dispose();
        server.Dispose();
    }

    [Test]
    public async Task Calibrate_Collection_AnswersTheContract()
    {
        var response = await client.PostAsync(gallery.Path("calibration?falseMatchRate=0.25&steps=5"), null);
        var json = await response.ReadJsonAsync();

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(json.GetProperty("model").GetString(), Is.EqualTo("stand-in-v1"));
        Assert.That(json.GetProperty("faceCount").GetInt32(), Is.EqualTo(5));
        Assert.That(json.GetProperty("personCount").GetInt32(), Is.EqualTo(2));
        Assert.That(json.GetProperty("personsWithSeveralFacesCount").GetInt32(), Is.EqualTo(2));
        Assert.That(json.GetProperty("pairs").GetRawText(), Is.EqualTo("""{"sameCount":2,"differentCount":4,"sampled":false}"""));
        Assert.That(json.GetProperty("rates").GetArrayLength(), Is.EqualTo(5));
        Assert.That(json.GetProperty("rates")[4].GetRawText(), Is.EqualTo(
            """{"tolerance":1.25,"falseMatchRate":1,"falseNonMatchRate":0,"expectedFalseMatches":5}"""));
        Assert.That(json.GetProperty("wanted").GetRawText(), Is.EqualTo(
            """{"tolerance":0.7499,"falseMatchRate":0.25,"falseNonMatchRate":0,"expectedFalseMatches":1.25}"""));
        Assert.That(json.GetProperty("current").GetRawText(), Is.EqualTo(
            """{"tolerance":0.6,"falseMatchRate":0.25,"falseNonMatchRate":0,"expectedFalseMatches":1.25}"""));
        Assert.That(json.GetProperty("warnings").GetArrayLength(), Is.EqualTo(2));
        Assert.That(json.GetProperty("measuredAt").GetDateTime().Kind, Is.EqualTo(DateTimeKind.Utc));
        Assert.That(json.GetProperty("jobId").ValueKind, Is.EqualTo(JsonValueKind.Null));
    }

    [TestCase("falseMatchRate=2", "falseMatchRate")]
    [TestCase("falseMatchRate=NaN", "falseMatchRate")]
    [TestCase("falseMatchRate=x", "falseMatchRate")]
    [TestCase("steps=0", "steps")]
    [TestCase("steps=401", "steps")]
    public async Task Calibrate_BadParameter_IsAProblemThatNamesIt(string query, string field)
    {
        var response = await client.PostAsync(gallery.Path("calibration?" + query), null);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.BadRequest));
        Assert.That((await response.ReadJsonAsync()).GetProperty("errors").TryGetProperty(field, out _), Is.True);
    }

    [Test]
    public async Task Calibrate_UnknownCollection_Is404() =>
        Assert.That((await client.PostAsync("/v1/collections/nowhere/calibration", null)).StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
}
