using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using FaceSearch.Api.Tests.Support;
using FaceSearch.Domain.Access;

namespace FaceSearch.Api.Tests.RealEngine;

/// <summary>A server with its real engine, and a client whose key has every scope.</summary>
/// <param name="profile">Null for the best available one.</param>
internal abstract class RealEngineFixture(string? profile = null)
{
    protected TestServer Server { get; private set; } = null!;

    protected HttpClient Client { get; private set; } = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        Server = new TestServer(realEngine: true);
        Server.UseEngine(profile);
        Client = Server.CreateClient();
        Client.Timeout = TimeSpan.FromMinutes(5);
        Client.DefaultRequestHeaders.Add("X-Api-Key", await Server.IssueKeyAsync(AccessScopes.All));
    }

    [OneTimeTearDown]
    public void Stop()
    {
        Client?.Dispose();
        Server?.Dispose();
    }

    protected async Task<JsonElement> PostAsync(
        string path, byte[] picture, string fileName = "picture.jpg", HttpStatusCode status = HttpStatusCode.OK)
    {
        var response = await Client.PostPictureAsync(path, picture, fileName);
        var json = await response.ReadJsonAsync();
        Assert.That(response.StatusCode, Is.EqualTo(status), json.ToString());
        return json;
    }

    /// <summary>Creates an empty collection and returns its path.</summary>
    protected async Task<string> AddCollectionAsync(string name)
    {
        var response = await Client.PostAsJsonAsync("/v1/collections", new { name });
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Created));
        return $"/v1/collections/{name}";
    }

    protected static JsonElement[] FacesOf(JsonElement json) => [.. json.GetProperty("faces").EnumerateArray()];

    /// <summary>The person of a face's nearest match; null without one.</summary>
    protected static string? Nearest(JsonElement face) =>
        face.GetProperty("matches").EnumerateArray().Select(match => match.Text("person")).FirstOrDefault();
}
