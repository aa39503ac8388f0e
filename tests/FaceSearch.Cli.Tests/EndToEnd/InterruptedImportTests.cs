using System.Text.Json;
using FaceSearch.TestSupport;

namespace FaceSearch.Cli.Tests.EndToEnd;

/// <summary>
/// Imports that are interrupted while their job is queued. The server runs no job until the test restarts it, so an
/// interruption never comes too late. Each test has its own server, because each enrols the same pictures.
/// </summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class InterruptedImportTests
{
    private readonly string state = Directory.CreateTempSubdirectory("facesearch-cli-").FullName;
    private RunningServer server = null!;

    private static string People => TestSupport.DrawnGallery.Folder;

    [SetUp]
    public async Task StartServer()
    {
        _ = People;
        server = await RunningServer.StartAsync(runJobs: false);
    }

    [TearDown]
    public async Task StopServer()
    {
        if (server is not null)
            await server.DisposeAsync();
        Directory.Delete(state, recursive: true);
    }

    [Test]
    public async Task CommandLineKilled_RunAgain_ResumesTheSameJob()
    {
        using var first = Import();
        await UntilQueuedAsync();
        var job = (await server.JobsAsync())[0].GetProperty("jobId").GetString();
        await first.KillAsync();
        await RestartAsync();

        using var second = await Import().EndAsync();

        Assert.That(second.ExitCode, Is.Zero, second.Error);
        Assert.That(second.Json.GetProperty("isResumed").GetBoolean(), Is.True);
        Assert.That(second.Json.GetProperty("jobs")[0].GetProperty("jobId").GetString(), Is.EqualTo(job));
        Assert.That(second.Json.GetProperty("inserted").GetInt32(), Is.EqualTo(TestSupport.DrawnGallery.Pictures));
        Assert.That(await server.JobsAsync(), Has.Count.EqualTo(1));
        Assert.That(Directory.GetFiles(state, "*.json", SearchOption.AllDirectories), Is.Empty, "The journal of a completed import is deleted.");
    }

    [Test]
    public async Task ServerKilledAndRestarted_TheImportCompletes()
    {
        using var import = Import();
        await UntilQueuedAsync();
        await RestartAsync();

        await import.EndAsync();

        Assert.That(import.ExitCode, Is.Zero, import.Error);
        Assert.That(import.Json.GetProperty("inserted").GetInt32(), Is.EqualTo(TestSupport.DrawnGallery.Pictures));
        Assert.That(await server.JobsAsync(), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Interrupted_SaysHowToResume_AndKeepsTheJob()
    {
        using var import = CliProcess.Start(server.Address, server.Key, state, "import", People);
        await UntilQueuedAsync();
        await import.InterruptAsync();

        Assert.That(import.ExitCode, Is.EqualTo(130));
        Assert.That(import.Error, Does.Contain("facesearch jobs cancel").And.Contains("Run the same import again"));
        Assert.That((await server.JobsAsync())[0].GetProperty("state").GetString(), Is.EqualTo("queued"));
    }

    [Test]
    public async Task CancelledJob_RunAgain_IsRetried()
    {
        using var first = Import();
        await UntilQueuedAsync();
        var job = (await server.JobsAsync())[0].GetProperty("jobId").GetString()!;
        using var cancel = await CliProcess.Start(server.Address, server.Key, state, "jobs", "cancel", job).EndAsync();
        Assert.That(cancel.ExitCode, Is.Zero, cancel.Error);
        await first.EndAsync();
        Assert.That(first.ExitCode, Is.EqualTo(1), "A job that was stopped is an error.");
        await RestartAsync();

        using var second = await Import().EndAsync();

        Assert.That(second.ExitCode, Is.Zero, second.Error);
        Assert.That(second.Json.GetProperty("jobs")[0].GetProperty("jobId").GetString(), Is.EqualTo(job));
        Assert.That(second.Json.GetProperty("inserted").GetInt32(), Is.EqualTo(TestSupport.DrawnGallery.Pictures));
    }

    [Test]
    public async Task JournalAndOutput_HoldNoKey()
    {
        using var import = CliProcess.Start(server.Address, server.Key, state, "import", People, "--verbose");
        await UntilQueuedAsync();
        var journal = Directory.GetFiles(state, "*.json", SearchOption.AllDirectories).Single();
        await import.InterruptAsync();

        Assert.That(await File.ReadAllTextAsync(journal), Does.Not.Contain(server.Key).And.Contain("importId"));
        Assert.That(import.Output + import.Error, Does.Not.Contain(server.Key));
        if (!OperatingSystem.IsWindows())
            Assert.That(File.GetUnixFileMode(journal), Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite));
    }

    private async Task RestartAsync()
    {
        await server.KillAsync();
        await server.StartAgainAsync();
    }

    private WatchedProcess Import() => CliProcess.Start(server.Address, server.Key, state, "import", People, "--json");

    private Task UntilQueuedAsync() => Eventually.HoldsAsync(async () =>
        await server.JobsAsync() is [_] && HasNoted());

    private bool HasNoted() => Directory.GetFiles(state, "*.json", SearchOption.AllDirectories)
        .Any(file => JsonSerializer.Deserialize<JsonElement>(File.ReadAllBytes(file)).GetProperty("parts").EnumerateObject().Any());
}
