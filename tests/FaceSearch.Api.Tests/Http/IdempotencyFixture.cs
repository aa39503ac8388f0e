using System.Text;
using FaceSearch.Api.Tests.Support;
using FaceSearch.Domain.Access;
using FaceSearch.TestSupport;

namespace FaceSearch.Api.Tests.Http;

/// <summary>One server per fixture, and requests with idempotency keys.</summary>
internal abstract class IdempotencyFixture
{
    private int keys;

    protected TestServer Server { get; private set; } = null!;

    protected HttpClient Client { get; private set; } = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        Server = new TestServer();
        Client = Server.CreateClient(await Server.IssueKeyAsync(AccessScopes.All));
    }

    [OneTimeTearDown]
    public void Stop()
    {
        Client.Dispose();
        Server.Dispose();
    }

    protected string NewKey() => $"key{Interlocked.Increment(ref keys)}";

    protected Task<HttpResponseMessage> AddAsync(string key, float face) =>
        PostAsync("/add_face", Form(StandInEncoders.Picture(face)), key);

    protected Task<HttpResponseMessage> PostAsync(string path, HttpContent content, string key) =>
        Client.PostOnceAsync(path, content, key);

    /// <summary>A new boundary for each attempt, like every client.</summary>
    protected static MultipartFormDataContent Form(byte[] file) =>
        new(Guid.NewGuid().ToString()) { { new ByteArrayContent(file), "file", "file.png" } };

    protected static StringContent Json(string json) => new(json, Encoding.UTF8, "application/json");

    protected static bool IsReplayed(HttpResponseMessage answer) => answer.Headers.Contains("Idempotency-Replayed");
}
