using System.Text.Json;
using FaceSearch.TestSupport;

namespace FaceSearch.Cli.Tests.EndToEnd;

internal sealed class ImportTests : EndToEndTests
{
    private static readonly string[] Counts = ["total", "inserted", "duplicates", "failed", "skipped"];

    private WatchedProcess import = null!;

    [OneTimeSetUp]
    public async Task ImportOnce()
    {
        MakeFolder();
        import = await RunAsync("import", People, "--json");
        RemoveFolder();
    }

    [OneTimeTearDown]
    public void Forget() => import?.Dispose();

    [Test]
    public async Task Import_OfAFolder_ShowsTheNumbersOfTheJobsApi()
    {
        var result = import.Json;
        var job = await Server.GetAsync($"/v1/jobs/{result.GetProperty("jobs")[0].GetProperty("jobId").GetString()}");
        foreach (var count in Counts)
            Assert.That(result.GetProperty(count).GetInt32(), Is.EqualTo(job.GetProperty(count).GetInt32()), count);
        Assert.That(result.GetProperty("total").GetInt32(), Is.EqualTo(Pictures));
        Assert.That(result.GetProperty("inserted").GetInt32(), Is.GreaterThanOrEqualTo(Pictures - 2));
        Assert.That(import.ExitCode, Is.EqualTo(result.GetProperty("failed").GetInt32() == 0 ? 0 : 3));
        Assert.That(import.Error, Is.Empty, "JSON only, and no progress unless it is asked for.");
    }

    [Test]
    public async Task Search_FindsWhoWasImported()
    {
        using var table = await RunAsync("search", PictureOfAda(2), "--k", "3");
        Assert.That(table.ExitCode, Is.Zero);
        Assert.That(table.Output, Does.Contain(Ada).And.Contains("0.000"));

        using var json = await RunAsync("search", PictureOfAda(2), "--json", "--k", "1");
        var match = json.Json.GetProperty("faces")[0].GetProperty("matches")[0];
        Assert.That(match.GetProperty("person").GetString(), Is.EqualTo(Ada));

        using var grouped = await RunAsync("search", PictureOfAda(2), "--group", "--json");
        var group = grouped.Json.GetProperty("faces")[0].GetProperty("groups")[0];
        Assert.That(group.GetProperty("matches").GetArrayLength(), Is.EqualTo(3));
    }

    [Test]
    public async Task Search_NoMatch_IsThree()
    {
        using var noFace = await RunAsync("search", PictureWithoutAFace());
        Assert.That(noFace.ExitCode, Is.EqualTo(3));
        Assert.That(noFace.Output, Does.Contain("No face in the picture."));

        using var unknown = await RunAsync("search", PictureOfAda(2), "--tag", "no face has this");
        Assert.That(unknown.ExitCode, Is.EqualTo(3));
        Assert.That(unknown.Output, Does.Contain("no match within the tolerance"));
    }

    [Test]
    public async Task Import_InParts_SumsUpItsJobs_AndNothingIsEnrolledTwice()
    {
        using var again = await RunAsync("import", People, "--json", "--part-megabytes", "1");

        var result = again.Json;
        var jobs = result.GetProperty("jobs").EnumerateArray().ToList();
        Assert.That(jobs, Has.Count.EqualTo(2));
        Assert.That(result.GetProperty("total").GetInt32(), Is.EqualTo(Pictures));
        Assert.That(result.GetProperty("inserted").GetInt32(), Is.Zero);
        Assert.That(result.GetProperty("duplicates").GetInt32(), Is.EqualTo(jobs.Sum(job => job.GetProperty("duplicates").GetInt32())).And.GreaterThanOrEqualTo(Pictures - 2));
    }

    [Test]
    public async Task Import_OfAZip_ShowsTheReasonsOfFailures()
    {
        var zip = Path.Combine(Folder, "mixed.zip");
        await File.WriteAllBytesAsync(zip, Archives.Zip(
            ($"{Ada}/{Path.GetFileName(PictureOfAda(1))}", await File.ReadAllBytesAsync(PictureOfAda(1))),
            ("moon.png", await File.ReadAllBytesAsync(PictureWithoutAFace())),
            ("text.jpg", "no picture"u8.ToArray())));

        using var mixed = await RunAsync("import", zip);

        Assert.That(mixed.ExitCode, Is.EqualTo(3));
        Assert.That(mixed.Output, Does.Contain("No face was found").And.Contains("Not a picture").And.Contains("moon.png"));
        Assert.That(mixed.Output, Does.Not.Contain("no-face"));
    }

    [Test]
    public async Task Progress_IsLinesOfJson_WhenAskedFor()
    {
        using var verbose = await RunAsync("import", CopyOf(Ada, 3), "--json", "--verbose");

        var lines = verbose.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var last = JsonSerializer.Deserialize<JsonElement>(lines[^1]);
        Assert.That(last.GetProperty("done").GetInt32(), Is.EqualTo(3));
    }

    [Test]
    public async Task NoWait_AnswersTheJobs_AndWatchFollowsOne()
    {
        using var sent = await RunAsync("import", CopyOf(Ada, 3), "--no-wait", "--json");
        var job = sent.Json.GetProperty("jobs")[0].GetProperty("jobId").GetString()!;

        using var watch = await RunAsync("jobs", "watch", job, "--json");
        Assert.That(watch.ExitCode, Is.Zero);
        Assert.That(watch.Json.GetProperty("state").GetString(), Is.EqualTo("succeeded"));

        using var list = await RunAsync("jobs", "list", "--json", "--limit", "1");
        Assert.That(list.Json.GetProperty("jobs")[0].GetProperty("jobId").GetString(), Is.EqualTo(job));

        using var cancel = await RunAsync("jobs", "cancel", job);
        Assert.That(cancel.ExitCode, Is.EqualTo(1));
        Assert.That(cancel.Error, Does.Contain("urn:facesearch:problem:job-ended"));
    }
}
