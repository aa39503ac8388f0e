using System.Net;
using System.Text.Json;
using FaceSearch.Api.Tests.Support;
using FaceSearch.Domain.Access;
using FaceSearch.Infrastructure.Persistence;
using FaceSearch.Integration.Tests.Persistence;
using FaceSearch.TestSupport;
using Microsoft.EntityFrameworkCore;

namespace FaceSearch.Integration.Tests.Jobs;

/// <summary>A collection of the first stand-in model, servers that reembed it in small batches, and their answers.</summary>
internal abstract class ReembeddingFixture(DatabaseProvider provider) : DatabaseTests(provider)
{
    protected const string Reembed = "/v1/collections/default/reembed?profile=" + StandInEncoders.SecondModelName;
    protected const int Faces = 100;

    private string key = string.Empty;

    protected HttpClient Client { get; private set; } = null!;

    [SetUp]
    public void SmallBatches()
    {
        Server.Settings["Enrolment:BatchSize"] = "16";
        Server.Settings["Enrolment:LeaseSeconds"] = "1";
    }

    [TearDown]
    public void Close() => Client?.Dispose();

    protected TestServer NewServer(params (string Name, string Value)[] settings)
    {
        var server = Database.NewServer();
        foreach (var (name, value) in settings.Prepend(("Enrolment:BatchSize", "16")).Prepend(("Enrolment:LeaseSeconds", "1")))
            server.Settings[name] = value;
        return server;
    }

    protected HttpClient ClientOf(TestServer server)
    {
        var made = server.CreateClient();
        made.DefaultRequestHeaders.Add("X-Api-Key", key);
        return made;
    }

    /// <summary>Faces 1 to n, one per picture.</summary>
    protected async Task EnrolAsync(int count)
    {
        Client = Server.CreateClient();
        key = await Server.IssueKeyAsync(AccessScopes.All);
        Client.DefaultRequestHeaders.Add("X-Api-Key", key);
        var zip = Archives.Zip([.. Enumerable.Range(1, count).Select(i => ($"p{i}.png", StandInEncoders.Picture(i)))]);
        var ended = await EndAsync(await StartAsync(() => PostZipAsync(zip)));
        Assert.That(ended.GetProperty("inserted").GetInt32(), Is.EqualTo(count));
    }

    protected Task<HttpResponseMessage> PostZipAsync(byte[] zip) => Client.PostAsync(
        "/v1/collections/default/jobs", new MultipartFormDataContent { { new ByteArrayContent(zip), "file", "faces.zip" } });

    protected Task<string> StartAsync(string path) => StartAsync(() => Client.PostAsync(path, null));

    protected static async Task<string> StartAsync(Func<Task<HttpResponseMessage>> post)
    {
        using var response = await post();
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Accepted), await response.Content.ReadAsStringAsync());
        return response.Headers.Location!.ToString();
    }

    protected async Task<JsonElement> EndAsync(string location, HttpClient? at = null)
    {
        JsonElement job = default;
        await UntilAsync(async () =>
        {
            job = await (await (at ?? Client).GetAsync(location)).ReadJsonAsync();
            return job.GetProperty("endedAt").ValueKind != JsonValueKind.Null;
        });
        return job;
    }

    protected async Task AssertAllAreOfAsync(string model)
    {
        var place = model == StandInEncoders.ModelName ? 0 : 1;
        var embeddings = await WithAsync(db => db.FaceEmbeddings.AsNoTracking().Where(of => of.Model == model).ToListAsync());
        var collection = await WithAsync(db => db.Collections.AsNoTracking().SingleAsync());

        Assert.That(collection.Model, Is.EqualTo(model));
        Assert.That(embeddings, Has.Count.EqualTo(await WithAsync(db => db.Faces.CountAsync())));
        Assert.That(embeddings.Where(of => of.Embedding.Values[place] == 0 || of.Embedding.Values[1 - place] != 0), Is.Empty);
        if (model == StandInEncoders.SecondModelName)
            Assert.That(await WithAsync(db => db.FaceEmbeddings.CountAsync(of => of.Model != model)), Is.Zero);
    }

    protected static async Task<string?> ModelOfASearchAsync(HttpClient client) =>
        (await (await client.PostPictureAsync("/search_faces/", StandInEncoders.Picture(1f))).ReadJsonAsync()).GetProperty("model").GetString();

    protected static async Task UntilSearchedByAsync(HttpClient client, string model) =>
        Assert.That(await EventuallyAsync(async () => await ModelOfASearchAsync(client) == model), Is.True);

    protected static Task UntilAsync(Func<bool> holds) => UntilAsync(() => Task.FromResult(holds()));

    protected static async Task UntilAsync(Func<Task<bool>> holds) => Assert.That(await EventuallyAsync(holds), Is.True);
}
