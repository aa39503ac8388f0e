using System.Net;
using System.Text.Json;
using FaceSearch.Api.Tests.Access;
using FaceSearch.Api.Tests.Support;
using FaceSearch.Domain.Access;
using FaceSearch.TestSupport;

namespace FaceSearch.Api.Tests.Http.Binding;

/// <summary>One server, called with a key that has every scope.</summary>
internal abstract class StrictRequestsFixture
{
    protected TestServer Server { get; private set; } = null!;

    protected HttpClient Client { get; private set; } = null!;

    protected string JobId { get; private set; } = string.Empty;

    protected string ImageId { get; private set; } = string.Empty;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        Server = new TestServer();
        Client = Server.CreateClient(await Server.IssueKeyAsync(AccessScopes.All));
        var added = await (await Client.PostPictureAsync("/add_face", StandInEncoders.Picture(1f))).ReadJsonAsync();
        ImageId = added.GetProperty("face").Text("imageId")!;
        var bulk = await Client.PostPictureAsync("/add_faces_in_bulk", Archives.Zip(("a.png", StandInEncoders.Picture(2f))));
        JobId = (await bulk.ReadJsonAsync()).Text("jobId")!;
    }

    [OneTimeTearDown]
    public void Stop()
    {
        Client.Dispose();
        Server.Dispose();
    }

    protected HttpRequestMessage RequestOf(DocumentedAccess row, string query = "") => AccessRequests.Of(row, JobId, ImageId, query);

    /// <summary>The problem, which must be a 400 of this code.</summary>
    protected async Task<JsonElement> RefusedAsync(
        HttpRequestMessage request, string code, HttpStatusCode status = HttpStatusCode.BadRequest)
    {
        using var answer = await Client.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.That(answer.StatusCode, Is.EqualTo(status), text);
        using var problem = JsonDocument.Parse(text);
        Assert.That(problem.RootElement.Text("type"), Is.EqualTo($"urn:facesearch:problem:{code}"), text);
        return problem.RootElement.Clone();
    }

    /// <summary>The problem for an unknown name has the nearest known one; null when there is none.</summary>
    protected async Task AssertUnknownAsync(HttpRequestMessage request, string name, string? nearest)
    {
        var problem = await RefusedAsync(request, "unknown-parameter");
        Assert.That(problem.Text("parameter"), Is.EqualTo(name));
        Assert.That(problem.TryGetProperty("nearest", out var known) ? known.GetString() : null, Is.EqualTo(nearest));
        Assert.That(problem.Text("detail"), Does.Contain($"'{name}'").And.Contains(nearest ?? " at all"));
    }

    /// <summary>The error of the field.</summary>
    protected async Task<string> AssertInvalidAsync(HttpRequestMessage request, string field)
    {
        var problem = await RefusedAsync(request, "invalid-request");
        Assert.That(problem.GetProperty("errors").TryGetProperty(field, out var messages), Is.True, problem.ToString());
        return messages[0].GetString()!;
    }
}
