namespace FaceSearch.Cli.Tests.EndToEnd;

/// <summary>The connection between the command line and the server breaks, during the request and before the answer.</summary>
internal sealed class BrokenConnectionTests : EndToEndTests
{
    [Test]
    public async Task UploadCutOff_IsSentAgain_AndBecomesOneJob()
    {
        await using var network = new BreakingNetwork(Server.Address, breakAfterRequestBytes: 1_000_000);
        var before = (await Server.JobsAsync()).Count;

        using var import = await CliProcess.Start(network.Address, Server.Key, Folder, "import", People, "--json").EndAsync();

        Assert.That(network.Breaks, Is.EqualTo(1));
        Assert.That(import.ExitCode, Is.Zero, import.Error);
        Assert.That(import.Json.GetProperty("total").GetInt32(), Is.EqualTo(Pictures));
        Assert.That(await Server.JobsAsync(), Has.Count.EqualTo(before + 1));
    }

    [Test]
    public async Task AnswerLost_RetryGetsTheSameJob()
    {
        await using var network = new BreakingNetwork(Server.Address, breakBeforeAnswerTo: "/jobs HTTP/1.1\r\n");
        var before = (await Server.JobsAsync()).Count;

        using var import = await CliProcess.Start(network.Address, Server.Key, Folder, "import", CopyOf(Ada, 3), "--json").EndAsync();

        Assert.That(network.Breaks, Is.EqualTo(1));
        Assert.That(import.ExitCode, Is.Zero, import.Error);
        Assert.That(await Server.JobsAsync(), Has.Count.EqualTo(before + 1));
    }

    [Test]
    public async Task NoServer_SaysSo()
    {
        using var search = await CliProcess.Start(new Uri("http://127.0.0.1:1"), Server.Key, Folder, "search", PictureOfAda(1)).EndAsync();

        Assert.That(search.ExitCode, Is.EqualTo(1));
        Assert.That(search.Error, Does.Contain("can't be reached").And.Contains("--server"));
    }

    [Test]
    public async Task WrongKeyAndNoKey_SayWhatToDo()
    {
        using var wrong = await CliProcess.Start(Server.Address, "fs_wrong", Folder, "jobs", "list").EndAsync();
        Assert.That(wrong.ExitCode, Is.EqualTo(1));
        Assert.That(wrong.Error, Does.Contain("urn:facesearch:problem:unauthorized").And.Contains("traceId").And.Contains("does not know this key"));
        Assert.That(wrong.Error, Does.Not.Contain("fs_wrong"));

        using var none = await CliProcess.Start(Server.Address, null, Folder, "import", People).EndAsync();
        Assert.That(none.ExitCode, Is.EqualTo(1));
        Assert.That(none.Error, Does.Contain("FACESEARCH_KEY").And.Contains("--key-file"));
    }
}
