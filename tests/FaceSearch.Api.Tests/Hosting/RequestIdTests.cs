using System.Net;
using FaceSearch.Api.Tests.Support;
using FaceSearch.TestSupport;

namespace FaceSearch.Api.Tests.Hosting;

/// <summary>The id of a request in its answer, and what the document says of the server.</summary>
[Category("Fault-E5")]
internal sealed class RequestIdTests : FacesFixture
{
    protected override void Configure(TestServer server) => server.Encoders.BeforeDetect = _ => throw new InvalidOperationException();

    [TestCase("/v1/collections", 200)]
    [TestCase("/health/live", 200)]
    [TestCase("/openapi/v1.json", 200)]
    [TestCase("/nothing", 404)]
    public async Task EveryAnswer_HasAnIdOfItsOwn(string path, int status)
    {
        var (first, second) = (await Client.GetAsync(path), await Client.GetAsync(path));

        Assert.That((int)first.StatusCode, Is.EqualTo(status));
        Assert.That(IdOf(first), Is.Not.Empty.And.Not.EqualTo(IdOf(second)));
    }

    [Test]
    public async Task UnexpectedError_HasTheIdOfItsProblem()
    {
        var answer = await Client.PostPictureAsync("/v1/detect", StandInEncoders.Picture(1f));

        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.InternalServerError));
        Assert.That((await answer.ReadJsonAsync()).Text("traceId"), Is.EqualTo(IdOf(answer)));
    }

    [Test]
    public async Task Engine_NamesEveryProfileAndTheDefault()
    {
        var profiles = (await (await Client.GetAsync("/v1/engine")).ReadJsonAsync()).GetProperty("profiles").EnumerateArray().ToArray();

        Assert.That(
            profiles.Select(profile => (profile.Text("model"), profile.GetProperty("isDefault").GetBoolean())),
            Is.EqualTo(new[] { (StandInEncoders.ModelName, true), (StandInEncoders.SecondModelName, false) }));
        foreach (var profile in profiles)
        {
            var made = await Client.PostAsync("/v1/collections", Access.AccessRequests.Json(
                $$"""{"name":"of-{{profile.Text("model")}}","profile":"{{profile.Text("model")}}"}"""));
            Assert.That(made.StatusCode, Is.EqualTo(HttpStatusCode.Created));
        }
    }

    private static string IdOf(HttpResponseMessage answer) => answer.Headers.GetValues("X-Request-Id").Single();
}
