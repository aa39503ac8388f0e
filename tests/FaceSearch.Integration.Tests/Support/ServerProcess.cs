using System.Diagnostics;
using System.Net.Http.Headers;
using FaceSearch.Integration.Tests.MySqlServers;
using FaceSearch.TestSupport;

namespace FaceSearch.Integration.Tests.Support;

/// <summary>The real server as a separate process, with its real engine, on a port of 127.0.0.1.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private readonly Process process;

    private ServerProcess(Process process, Uri address)
    {
        this.process = process;
        Client = new HttpClient { BaseAddress = address };
    }

    public int Id => process.Id;

    public HttpClient Client { get; }

    /// <summary>Sets the key of the client.</summary>
    public void UseKey(string key) => Client.DefaultRequestHeaders.Add("X-Api-Key", key);

    /// <param name="folder">The working folder; several processes share it, and with it SQLite's file and the uploads.</param>
    /// <param name="maxFileKilobytes">The largest size of a file; a larger write fails, as on a full disk. Unix only.</param>
    public static async Task<ServerProcess> StartAsync(
        string folder, Dictionary<string, string> settings, int? maxFileKilobytes = null)
    {
        var address = new Uri($"http://127.0.0.1:{ContainerMySql.FreePort()}");
        var program = Path.Combine(AppContext.BaseDirectory, "FaceSearch.Api.dll");
        var start = maxFileKilobytes is null
            ? new ProcessStartInfo("dotnet", [program])
            : new ProcessStartInfo("/bin/sh", ["-c", $"trap '' XFSZ; ulimit -f {2 * maxFileKilobytes}; exec dotnet '{program}'"]);
        start.WorkingDirectory = folder;

        // Otherwise it maps code through a file larger than the limit.
        if (maxFileKilobytes is not null)
            start.Environment["DOTNET_EnableWriteXorExecute"] = "0";
        foreach (var (name, value) in new Dictionary<string, string>
        {
            ["ASPNETCORE_ENVIRONMENT"] = "Production",
            ["Urls"] = address.ToString(),
            ["Serilog:MinimumLevel:Default"] = "Error",
        }.Concat(TestEngine.Settings()).Concat(settings))
        {
            start.Environment[name.Replace(":", "__", StringComparison.Ordinal)] = value;
        }

        var server = new ServerProcess(Process.Start(start)!, address);
        await server.UntilReadyAsync();
        return server;
    }

    /// <summary>Like <c>kill -9</c>, without a clean shutdown.</summary>
    public Task KillAsync()
    {
        process.Kill();
        return process.WaitForExitAsync();
    }

    public async Task<HttpResponseMessage> PostAsync(string path, string file, bool respondAsync = false)
    {
        var content = new ByteArrayContent(await File.ReadAllBytesAsync(file));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        using var request = new HttpRequestMessage(HttpMethod.Post, path);
        request.Content = new MultipartFormDataContent { { content, "file", Path.GetFileName(file) } };
        if (respondAsync)
            request.Headers.Add("Prefer", "respond-async");

        return await Client.SendAsync(request);
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
