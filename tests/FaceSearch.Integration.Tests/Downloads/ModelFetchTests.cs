using System.Security.Cryptography;
using System.Text.Json;
using FaceSearch.Integration.Tests.Support;
using FaceSearch.TestSupport;

namespace FaceSearch.Integration.Tests.Downloads;

/// <summary>Processes that fetch model files from a file server on this machine.</summary>
internal sealed class ModelFetchTests
{
    private static readonly string[] Names = ["yunet_n_dynamic.onnx", "mobilefacenet.onnx"];

    private readonly byte[] content = RandomNumberGenerator.GetBytes(3_000_000);
    private FileServer server = null!;
    private string folder = null!;

    [SetUp]
    public void MakeFolder()
    {
        server = new FileServer();
        folder = Directory.CreateTempSubdirectory("facesearch-fetch-").FullName;
        var models = Names.Select(name => new
        {
            file = name,
            bytes = content.Length,
            sha256 = Convert.ToHexStringLower(SHA256.HashData(content)),
            licence = "none",
            use = "none",
            sources = new[] { server.Serve(content, name) },
        });
        File.WriteAllText(Path.Combine(folder, "models.json"), JsonSerializer.Serialize(new { models }));
    }

    [TearDown]
    public async Task RemoveFolder()
    {
        await server.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    [Test]
    public async Task Fetch_ShowsTheSourceOfEachFile()
    {
        using var fetch = Fetch();

        Assert.That((await fetch.EndAsync()).ExitCode, Is.Zero, fetch.Error);
        Assert.That(fetch.Error, Does.Contain($"Model file mobilefacenet.onnx: 3.0 of 3.0 MB from {server.Address}mobilefacenet.onnx"));
    }

    [Test]
    public async Task Fetch_TwoProcessesOnOneFolder_BothEndWell_AndOneFetches()
    {
        var bothAreThere = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        foreach (var name in Names)
        {
            server.Answer(name, async run =>
            {
                await bothAreThere.Task;
                await server.SendAsync(run, content);
            });
        }

        using var first = Fetch();
        using var second = Fetch();
        await Eventually.HoldsAsync(() => Task.FromResult(
            (first.Error + second.Error).Contains("waiting for it", StringComparison.Ordinal)));
        bothAreThere.SetResult();

        Assert.That((await first.EndAsync()).ExitCode, Is.Zero, first.Error);
        Assert.That((await second.EndAsync()).ExitCode, Is.Zero, second.Error);
        Assert.That(server.BytesSent, Is.EqualTo(2 * content.Length));
    }

    [Test]
    public async Task Fetch_Killed_TheNextResumes()
    {
        foreach (var name in Names)
        {
            server.Answer(name, async run =>
            {
                run.Response.ContentLength64 = content.Length;
                await run.Response.OutputStream.WriteAsync(content.AsMemory(0, 1_000_000));
                await server.StallAsync();
            });
        }

        using (var killed = Fetch())
        {
            await Eventually.HoldsAsync(() => Task.FromResult(Names.All(
                name => new FileInfo(Path.Combine(folder, $"{name}.part")) is { Exists: true, Length: 1_000_000 })));
            await killed.KillAsync();
        }

        foreach (var name in Names)
            server.Serve(content, name);
        using var next = Fetch();

        Assert.That((await next.EndAsync()).ExitCode, Is.Zero, next.Error);
        Assert.That(server.BytesSent, Is.EqualTo(2 * 2_000_000));
    }

    [Test]
    [Platform("Linux")]
    public async Task Fetch_DiskFull_SaysSo_AndTheNextResumes()
    {
        using var full = ServerCommand.StartWithSmallFiles(1000, folder, Arguments);

        Assert.That((await full.EndAsync()).ExitCode, Is.EqualTo(1));
        Assert.That(full.Error, Does.Contain("The disk is full").And.Contain($"Make room in {folder}"));
        Assert.That(Names.Where(name => File.Exists(Path.Combine(folder, name))), Is.Empty, "no partial file counts as complete");

        using var next = Fetch();
        Assert.That((await next.EndAsync()).ExitCode, Is.Zero, next.Error);
        Assert.That(await File.ReadAllBytesAsync(Path.Combine(folder, Names[0])), Is.EqualTo(content));
    }

    private string[] Arguments => ["models", "fetch", "--profile", "mobile", "--directory", folder];

    private WatchedProcess Fetch() => ServerCommand.Start(folder, new Dictionary<string, string>(), Arguments);
}
