using System.Net;
using System.Text.Json;
using FaceSearch.Api.Tests.Support;

namespace FaceSearch.Api.Tests.Enrolment;

/// <summary>One server per test, and what it answers to archives.</summary>
internal abstract class BulkEnrolmentFixture
{
    private Lazy<HttpClient> lazyClient = null!;

    protected TestServer Server { get; private set; } = null!;

    /// <summary>The server starts at its first use, so a test can set options before.</summary>
    protected HttpClient Client => lazyClient.Value;

    [SetUp]
    public void Start()
    {
        Server = new TestServer();
        lazyClient = new Lazy<HttpClient>(Server.CreateClient);
    }

    [TearDown]
    public void Stop()
    {
        if (lazyClient.IsValueCreated)
            Client.Dispose();
        Server.Dispose();
    }

    protected async Task<(HttpStatusCode Status, JsonElement Json)> PostAsync(byte[] zip)
    {
        var response = await Client.PostAsync("/add_faces_in_bulk/", Form(zip));
        return (response.StatusCode, await response.ReadJsonAsync());
    }

    protected static (int Inserted, int Duplicates, int Failed, int Skipped) Counts(JsonElement json) => (
        json.GetProperty("inserted").GetInt32(), json.GetProperty("duplicates").GetInt32(),
        json.GetProperty("failed").GetInt32(), json.GetProperty("skipped").GetInt32());

    protected static IEnumerable<string> Failures(JsonElement json) => json.GetProperty("failures").EnumerateArray()
        .Select(failure => $"{failure.GetProperty("name").GetString()}: {failure.GetProperty("reason").GetString()}");

    protected static MultipartFormDataContent Form(byte[] zip) => new() { { new ByteArrayContent(zip), "file", "faces.zip" } };
}
