using System.Diagnostics;
using System.Net.Http.Headers;
using FaceSearch.Integration.Tests.MySqlServers;
using FaceSearch.TestSupport;

namespace FaceSearch.Integration.Tests;

/// <summary>The real server as a process of its own, with its real engine, on a port of 127.0.0.1.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private readonly Process process;

    private ServerProcess(Process process, Uri address, string key)
    {
        this.process = process;
        Client = new HttpClient { BaseAddress = address };
        Client.DefaultRequestHeaders.Add("X-Api-Key", key);
    }

    public HttpClient Client { get; }

    /// <param name="folder">The working folder; several processes share it, and with it SQLite's file and the uploads.</param>
    public static async Task<ServerProcess> StartAsync(string folder, Dictionary<string, string> settings, string key)
    {
        var address = new Uri($"http://127.0.0.1:{ContainerMySql.FreePort()}");
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "FaceSearch.Api.dll")])
        {
            WorkingDirectory = folder,
            Environment =
            {
                ["ASPNETCORE_ENVIRONMENT"] = "Production",
                ["Urls"] = address.ToString(),
                ["Models__Directory"] = Path.Combine(SharedData.RepositoryRoot, "dlib-models"),
                ["Models__Mirrors__0"] = Path.Combine(SharedData.Root, "models"),
                ["Serilog__MinimumLevel__Default"] = "Error",
            },
        };
        foreach (var (name, value) in settings)
            start.Environment[name.Replace(":", "__", StringComparison.Ordinal)] = value;

        var server = new ServerProcess(Process.Start(start)!, address, key);
        await server.UntilReadyAsync();
        return server;
    }

    /// <summary>As <c>kill -9</c>: nothing is tidied up.</summary>
    public Task KillAsync()
    {
        process.Kill();
        return process.WaitForExitAsync();
    }

    public async Task<HttpResponseMessage> PostAsync(string path, string file)
    {
        var content = new ByteArrayContent(await File.ReadAllBytesAsync(file));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        return await Client.PostAsync(path, new MultipartFormDataContent { { content, "file", Path.GetFileName(file) } });
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        process.Dispose();
        Client.Dispose();
    }

    private async Task UntilReadyAsync()
    {
        for (var deadline = DateTime.UtcNow.AddSeconds(120); ; await Task.Delay(50))
        {
            Assert.That(process.HasExited, Is.False, "The server stopped.");
            Assert.That(DateTime.UtcNow, Is.LessThan(deadline), "The server did not get ready.");
            try
            {
                if ((await Client.GetAsync("/health/ready")).IsSuccessStatusCode)
                    return;
            }
            catch (HttpRequestException)
            {
                // Not listening yet.
            }
        }
    }
}
