using System.Net.Http.Headers;
using System.Text.Json;
using FaceSearch.Api.Tests.Support.Contract;
using FaceSearch.Application.Abstractions;
using FaceSearch.Domain.Access;
using FaceSearch.TestSupport;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.Mvc.Testing.Handlers;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace FaceSearch.Api.Tests.Support;

/// <summary>The whole server with its own database and folders; the face engine is a stand-in by default.</summary>
internal sealed class TestServer(
    string environment = "Development", string? folder = null, bool realEngine = false) : WebApplicationFactory<Program>
{
    private readonly bool ownsFolder = folder is null;

    public string Folder { get; } = folder ?? Directory.CreateTempSubdirectory("facesearch-test-").FullName;

    /// <summary>Settings on top of the shipped ones; set them before the first request.</summary>
    public Dictionary<string, string> Settings { get; } = [];

    public StandInEncoders Encoders { get; } = new();

    /// <summary>Replaces services for a test; set it before the first request.</summary>
    public Action<IServiceCollection> Replacing { get; set; } = _ => { };

    public string DatabaseFile => Path.Combine(Folder, "data", "facesearch.db");

    public string UploadFolder => Path.Combine(Folder, "data", "uploads");

    /// <summary>Uses the real engine with a profile; skips the test when the model files are unavailable.</summary>
    /// <param name="profile">Null for the best available one.</param>
    public void UseEngine(string? profile = null)
    {
        foreach (var (name, value) in TestEngine.Settings(profile))
            Settings[name] = value;
    }

    /// <summary>A new key with these scopes, bound to these collections or, without any, to none.</summary>
    public async Task<string> IssueKeyAsync(
        AccessScopes scopes, DateTime? expiresAt = null, params IReadOnlyList<string> collections)
    {
        await using var scope = Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<IFaceSearchDbContext>();
        var bound = await db.Collections.Where(c => collections.Contains(c.Name)).Select(c => c.Id).ToListAsync();
        var name = Guid.NewGuid().ToString();
        db.ApiKeys.Add(ApiKey.Issue(name, scopes, DateTime.UtcNow, out var secret, expiresAt, bound));
        await db.SaveChangesAsync(CancellationToken.None);
        return secret;
    }

    /// <summary>A client that fails the test at an answer which is not as documented.</summary>
    public new HttpClient CreateClient()
    {
        // Kestrel's address is known then.
        StartServer();
        return CreateDefaultClient(ClientOptions.BaseAddress, new RedirectHandler(), new CookieContainerHandler(), new ContractHandler());
    }

    /// <summary>A client that sends this key.</summary>
    public HttpClient CreateClient(string key)
    {
        var client = CreateClient();
        client.DefaultRequestHeaders.Add("X-Api-Key", key);
        return client;
    }

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        builder.UseContentRoot(Folder);
        builder.UseEnvironment(environment);
        builder.UseSetting("Serilog:MinimumLevel:Default", "Error");
        builder.UseSetting("Serilog:MinimumLevel:Override:Microsoft.Hosting.Lifetime", "Fatal");
        if (!realEngine)
            builder.ConfigureServices(services => services.Replace(ServiceDescriptor.Singleton<IFaceEncoders>(Encoders)));

        builder.ConfigureServices(Replacing);
        foreach (var (name, value) in Settings)
            builder.UseSetting(name, value);
    }

    /// <summary>Waits until the index has loaded, because the server refuses requests before.</summary>
    public bool WaitsForIndex { get; init; } = true;

    protected override void ConfigureClient(HttpClient client)
    {
        base.ConfigureClient(client);
        if (WaitsForIndex)
            SpinWait.SpinUntil(() => Services.GetRequiredService<IFaceGallery>().IsReady, TimeSpan.FromMinutes(1));
    }

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (disposing && ownsFolder && Directory.Exists(Folder))
        {
            Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
            Directory.Delete(Folder, recursive: true);
        }
    }
}

internal static class Requests
{
    public static Task<HttpResponseMessage> PostPictureAsync(
        this HttpClient client, string path, byte[] picture, string fileName = "picture.png", string field = "file") =>
        client.PostAsync(path, new MultipartFormDataContent { { new ByteArrayContent(picture), field, fileName } });

    public static Task<HttpResponseMessage> PostRawAsync(
        this HttpClient client, string path, byte[] body, string contentType)
    {
        var content = new ByteArrayContent(body);
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(contentType);
        return client.PostAsync(path, content);
    }

    /// <summary>A POST with an Idempotency-Key.</summary>
    public static Task<HttpResponseMessage> PostOnceAsync(
        this HttpClient client, string path, HttpContent? content, string idempotencyKey)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = content };
        request.Headers.TryAddWithoutValidation("Idempotency-Key", idempotencyKey);
        return client.SendAsync(request);
    }

    /// <summary>The code at the end of a problem's type.</summary>
    public static async Task<string> ReadProblemAsync(this HttpResponseMessage response) =>
        (await response.ReadJsonAsync()).GetProperty("type").GetString()!.Split(':')[^1];

    public static async Task<JsonElement> ReadJsonAsync(this HttpResponseMessage response) =>
        (await JsonDocument.ParseAsync(await response.Content.ReadAsStreamAsync())).RootElement;
}
