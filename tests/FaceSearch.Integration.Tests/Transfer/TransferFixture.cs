using System.IO.Compression;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using FaceSearch.Api.Tests.Support;
using FaceSearch.Domain.Access;
using FaceSearch.Infrastructure.Persistence;
using FaceSearch.Integration.Tests.Persistence;
using FaceSearch.TestSupport;

namespace FaceSearch.Integration.Tests.Transfer;

/// <summary>A server that exports, and one with the other kind of database that imports.</summary>
internal abstract class TransferFixture(DatabaseProvider provider) : DatabaseTests(provider)
{
    private TestDatabase target = null!;
    private HttpClient from = null!;
    private HttpClient to = null!;

    protected TestServer Target => target.Server;

    [SetUp]
    public async Task OpenBothAsync()
    {
        target = new TestDatabase(Provider == DatabaseProvider.Sqlite ? DatabaseProvider.MySql : DatabaseProvider.Sqlite);
        Configure(target.Server);
        from = await ClientAsync(Server);
        to = await ClientAsync(target.Server);
    }

    [TearDown]
    public async Task CloseBothAsync()
    {
        from?.Dispose();
        to?.Dispose();
        if (target is not null)
            await target.DisposeAsync();
    }

    /// <summary>Changes the settings of the importing server before it starts.</summary>
    protected virtual void Configure(TestServer server)
    {
    }

    internal static SampleCollection Some(int pictures) => new(
        ["Ada", "Grace"], [.. Enumerable.Range(0, pictures).Select(i => new SamplePicture(true, i % 2 == 0, 0, [Face(i)]))]);

    internal static SampleFace Face(int place) => new(place, 0, true, true, ["a"], [1], 0.5f);

    private static async Task<HttpClient> ClientAsync(TestServer server)
    {
        var client = server.CreateClient();
        client.DefaultRequestHeaders.Add("X-Api-Key", await server.IssueKeyAsync(AccessScopes.All));
        return client;
    }

    protected async Task<byte[]> ExportAsync(string name, bool pictures = true)
    {
        var response = await from.GetAsync($"/v1/collections/{name}/export?pictures={(pictures ? "true" : "false")}");
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(response.Content.Headers.ContentType!.MediaType, Is.EqualTo("application/zip"));
        return await response.Content.ReadAsByteArrayAsync();
    }

    protected Task<HttpResponseMessage> PostAsync(string name, byte[] zip) =>
        to.PostRawAsync($"/v1/collections/{name}/import", zip, "application/zip");

    protected Task<HttpResponseMessage> DeleteAsync(string path) => to.DeleteAsync(path);

    /// <summary>The job as accepted.</summary>
    protected async Task<JsonElement> StartAsync(string name, byte[] zip)
    {
        using var response = await PostAsync(name, zip);
        var job = await response.ReadJsonAsync();
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Accepted), job.ToString());
        Assert.That(response.Headers.Location!.ToString(), Is.EqualTo($"/v1/jobs/{job.GetProperty("jobId").GetString()}"));
        Assert.That(response.Headers.RetryAfter, Is.Not.Null);
        return job;
    }

    protected async Task<JsonElement> ReadJobAsync(JsonElement job) =>
        await (await to.GetAsync($"/v1/jobs/{job.GetProperty("jobId").GetString()}")).ReadJsonAsync();

    protected async Task<JsonElement> PostToJobAsync(JsonElement job, string action) =>
        await (await to.PostAsync($"/v1/jobs/{job.GetProperty("jobId").GetString()}/{action}", null)).ReadJsonAsync();

    protected async Task<JsonElement> UntilEndedAsync(JsonElement job)
    {
        Assert.That(
            await EventuallyAsync(
                async () => (job = await ReadJobAsync(job)).GetProperty("endedAt").ValueKind != JsonValueKind.Null),
            Is.True, job.ToString());
        return job;
    }

    /// <summary>The job of an import that succeeds.</summary>
    protected async Task<JsonElement> ImportAsync(string name, byte[] zip)
    {
        var job = await UntilEndedAsync(await StartAsync(name, zip));
        Assert.That(job.GetProperty("state").GetString(), Is.EqualTo("succeeded"), job.ToString());
        return job;
    }

    /// <summary>What is wrong with an export, by the answer or by the job.</summary>
    protected async Task<string?> FindDamageAsync(string name, byte[] zip)
    {
        using var response = await PostAsync(name, zip);
        var answer = await response.ReadJsonAsync();
        if (response.StatusCode == HttpStatusCode.UnprocessableEntity)
        {
            Assert.That(answer.GetProperty("type").GetString(), Does.EndWith(":damaged-export"));
            return answer.GetProperty("detail").GetString();
        }

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Accepted), answer.ToString());
        var job = await UntilEndedAsync(answer);
        Assert.That(job.GetProperty("failureCode").GetString(), Is.EqualTo("damaged-export"), job.ToString());
        return job.GetProperty("failure").GetString();
    }

    protected async Task AssertRefusedAsync(string name, byte[] zip, HttpStatusCode status, string code)
    {
        using var response = await PostAsync(name, zip);
        var problem = await response.ReadJsonAsync();
        Assert.That(response.StatusCode, Is.EqualTo(status), problem.ToString());
        Assert.That(problem.GetProperty("type").GetString(), Does.EndWith(":" + code));
    }

    protected static (int Faces, int Images, int Persons, int Duplicates) Numbers(JsonElement job)
    {
        var imported = job.GetProperty("import");
        return (
            imported.GetProperty("faceCount").GetInt32(), imported.GetProperty("imageCount").GetInt32(),
            imported.GetProperty("personCount").GetInt32(), imported.GetProperty("duplicateCount").GetInt32());
    }

    internal static string[] FilesOf(TestServer server) =>
        Directory.Exists(server.UploadFolder) ? Directory.GetFiles(server.UploadFolder) : [];

    protected static Dictionary<string, byte[]> Entries(byte[] zip)
    {
        using var archive = new ZipArchive(new MemoryStream(zip));
        var entries = new Dictionary<string, byte[]>();
        foreach (var entry in archive.Entries)
        {
            using var content = new MemoryStream();
            using (var stream = entry.Open())
                stream.CopyTo(content);
            entries.Add(entry.FullName, content.ToArray());
        }

        return entries;
    }

    protected static byte[] Zip(IEnumerable<KeyValuePair<string, byte[]>> entries, bool withChecksums)
    {
        var all = entries.ToDictionary();
        if (withChecksums)
        {
            all.Remove("checksums.sha256");
            all["checksums.sha256"] = Encoding.UTF8.GetBytes(string.Concat(all.Select(
                entry => $"{Convert.ToHexStringLower(SHA256.HashData(entry.Value))}  {entry.Key}\n")));
        }

        return Archives.Zip([.. all.Select(entry => (entry.Key, entry.Value))]);
    }
}
