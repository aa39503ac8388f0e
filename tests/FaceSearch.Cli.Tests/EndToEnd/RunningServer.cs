using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.RegularExpressions;
using FaceSearch.TestSupport;

namespace FaceSearch.Cli.Tests.EndToEnd;

/// <summary>The real server as a process, with its real engine. A restart keeps its port, folder and key.</summary>
internal sealed partial class RunningServer : IAsyncDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("facesearch-cli-server-").FullName;
    private Process process = null!;

    private RunningServer()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        Address = new Uri($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}");
        Client = new HttpClient { BaseAddress = Address };
    }

    public Uri Address { get; }

    /// <summary>The admin key that the first start has shown.</summary>
    public string Key { get; private set; } = string.Empty;

    /// <summary>A client with the key, for the test's own calls.</summary>
    public HttpClient Client { get; }

    public string Database => Path.Combine(folder, "data", "facesearch.db");

    /// <param name="runJobs">False for a server that accepts jobs and leaves them queued.</param>
    public static async Task<RunningServer> StartAsync(bool runJobs = true)
    {
        var server = new RunningServer();
        await server.StartAgainAsync(runJobs);
        server.Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", server.Key);
        return server;
    }

    public async Task StartAgainAsync(bool runJobs = true)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "FaceSearch.Api.dll")])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            Environment =
            {
                ["ASPNETCORE_ENVIRONMENT"] = "Production",
                ["Urls"] = Address.ToString(),
                ["Enrolment__LeaseSeconds"] = "2",
                ["Enrolment__RunJobs"] = runJobs ? "true" : "false",
                ["Serilog__MinimumLevel__Default"] = "Error",
            },
        };
        foreach (var (name, value) in TestEngine.Settings())
            start.Environment[name.Replace(":", "__", StringComparison.Ordinal)] = value;
        process = Process.Start(start)!;
        process.OutputDataReceived += (_, line) =>
        {
            if (line.Data is not null && KeyPattern().Match(line.Data) is { Success: true } key)
                Key = key.Value;
        };
        process.BeginOutputReadLine();
        await Eventually.HoldsAsync(async () =>
        {
            Assert.That(process.HasExited, Is.False, "The server stopped.");
            try
            {
                return (await Client.GetAsync("/health/ready")).IsSuccessStatusCode && Key.Length > 0;
            }
            catch (HttpRequestException)
            {
                return false;
            }
        });
    }

    /// <summary>As <c>kill -9</c>.</summary>
    public Task KillAsync()
    {
        process.Kill();
        return process.WaitForExitAsync();
    }

    public async Task<JsonElement> GetAsync(string path)
    {
        using var document = JsonDocument.Parse(await Client.GetStringAsync(path));
        return document.RootElement.Clone();
    }

    public async Task<IReadOnlyList<JsonElement>> JobsAsync() =>
        [.. (await GetAsync("/v1/jobs")).GetProperty("jobs").EnumerateArray()];

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        process.Dispose();
        Client.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    [GeneratedRegex("fs_[0-9a-f]+")]
    private static partial Regex KeyPattern();
}
