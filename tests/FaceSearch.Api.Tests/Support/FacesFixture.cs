using System.Net;
using System.Text;
using System.Text.Json;
using FaceSearch.Application.Abstractions;
using FaceSearch.Domain.Access;
using FaceSearch.Domain.Collections;
using FaceSearch.TestSupport;
using Microsoft.Extensions.DependencyInjection;

namespace FaceSearch.Api.Tests.Support;

/// <summary>One server per fixture, and one collection per test.</summary>
internal abstract class FacesFixture
{
    private static int collections;

    protected TestServer Server { get; private set; } = null!;

    protected HttpClient Client { get; private set; } = null!;

    /// <summary>The faces of this test's collection.</summary>
    protected string Faces { get; private set; } = string.Empty;

    protected string CollectionName { get; private set; } = string.Empty;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        Server = new TestServer();
        Configure(Server);
        Client = Server.CreateClient();
        Client.DefaultRequestHeaders.Add("X-Api-Key", await Server.IssueKeyAsync(AccessScopes.All));
    }

    [OneTimeTearDown]
    public void Stop()
    {
        Client.Dispose();
        Server.Dispose();
    }

    [SetUp]
    public async Task AddCollectionAsync()
    {
        CollectionName = $"c{Interlocked.Increment(ref collections)}";
        Faces = $"/v1/collections/{CollectionName}/faces";
        await UseDatabaseAsync(async db =>
        {
            db.Collections.Add(new Collection { Name = CollectionName, Model = StandInEncoders.ModelName, CreatedAt = DateTime.UtcNow });
            return await db.SaveChangesAsync(CancellationToken.None);
        });
    }

    protected virtual void Configure(TestServer server)
    {
    }

    protected async Task<T> UseDatabaseAsync<T>(Func<IFaceSearchDbContext, Task<T>> use)
    {
        await using var scope = Server.Services.CreateAsyncScope();
        return await use(scope.ServiceProvider.GetRequiredService<IFaceSearchDbContext>());
    }

    /// <summary>The enrolled faces.</summary>
    protected async Task<JsonElement[]> EnrolAsync(byte[] picture, string query = "", string fileName = "x.png")
    {
        var response = await Client.PostPictureAsync(Faces + query, picture, fileName);
        var json = await response.ReadJsonAsync();
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Created), json.ToString());
        return [.. json.GetProperty("faces").EnumerateArray()];
    }

    /// <summary>The id of the one face that was enrolled.</summary>
    protected async Task<string> EnrolOneAsync(byte[] picture, string query = "", string fileName = "x.png") =>
        (await EnrolAsync(picture, query, fileName)).Single().Text("faceId")!;

    protected Task<HttpResponseMessage> PatchAsync(
        string faceId, string json, string? ifMatch = null, string type = "application/merge-patch+json")
    {
        var request = new HttpRequestMessage(HttpMethod.Patch, $"{Faces}/{faceId}")
        {
            Content = new StringContent(json, Encoding.UTF8, type),
        };
        if (ifMatch is not null)
            request.Headers.TryAddWithoutValidation("If-Match", ifMatch);
        return Client.SendAsync(request);
    }

    protected Task<HttpResponseMessage> DeleteAsync(string faceId, string? ifMatch = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Delete, $"{Faces}/{faceId}");
        if (ifMatch is not null)
            request.Headers.TryAddWithoutValidation("If-Match", ifMatch);
        return Client.SendAsync(request);
    }

    protected async Task<JsonElement> GetAsync(string faceId, string query = "") =>
        await (await Client.GetAsync($"{Faces}/{faceId}{query}")).ReadJsonAsync();

    protected async Task<string> FaceTagAsync(string faceId) =>
        (await Client.GetAsync($"{Faces}/{faceId}")).Headers.ETag!.Tag;

    protected async Task<string[]> ListIdsAsync(string query = "")
    {
        var json = await (await Client.GetAsync(Faces + query)).ReadJsonAsync();
        return [.. json.GetProperty("faces").EnumerateArray().Select(face => face.Text("faceId")!)];
    }

    protected static async Task<JsonElement> AssertProblemAsync(
        HttpResponseMessage response, HttpStatusCode status, string code)
    {
        var problem = await response.ReadJsonAsync();
        Assert.That(response.StatusCode, Is.EqualTo(status), problem.ToString());
        Assert.That(response.Content.Headers.ContentType?.MediaType, Is.EqualTo("application/problem+json"));
        Assert.That(problem.Text("type"), Is.EqualTo("urn:facesearch:problem:" + code));
        return problem;
    }

    protected static MultipartFormDataContent Form(byte[] picture, params (string Name, string Value)[] fieldsBefore)
    {
        var form = new MultipartFormDataContent();
        foreach (var (name, value) in fieldsBefore)
            form.Add(new StringContent(value), name);
        form.Add(new ByteArrayContent(picture), "file", "x.png");
        return form;
    }
}

internal static class JsonReading
{
    public static string? Text(this JsonElement json, string property) => json.GetProperty(property).GetString();

    public static string[] Texts(this JsonElement json, string property) =>
        [.. json.GetProperty(property).EnumerateArray().Select(item => item.GetString()!)];
}
