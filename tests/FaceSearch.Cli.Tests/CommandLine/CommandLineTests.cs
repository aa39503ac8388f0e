using System.Net;
using System.Text.Json;
using FaceSearch.Cli.Tests.Support;

namespace FaceSearch.Cli.Tests.CommandLine;

internal sealed class CommandLineTests
{
    private const string Job =
        """
        { "jobId": "01a2120f-2701-7621-b068-e563cbeaf936", "kind": "archive", "collection": "default", "state": "succeeded",
          "cancelRequested": false, "total": 2, "done": 2, "inserted": 1, "duplicates": 0, "failed": 1, "skipped": 0,
          "perSecond": 10.5, "secondsLeft": 0, "failures": [{ "name": "a\u001b[2Jb.jpg", "reason": "no-face" }],
          "model": "m", "createdAt": "2030-01-02T03:04:05Z", "startedAt": null, "endedAt": null, "failureCode": null, "failure": null,
          "attempts": 0, "lastError": null, "receipt": null, "import": null }
        """;

    private const string Problem =
        """
        { "type": "urn:facesearch:problem:invalid-request", "title": "Bad Request", "status": 400, "detail": "Correct the fields.",
          "traceId": "trace-1", "errors": { "k": ["k is 1 to 1000."] } }
        """;

    [TestCase("jobs", "show", "01a2120f-2701-7621-b068-e563cbeaf936", "--key", "fs_secret")]
    [TestCase("jobs", "show", "no-id")]
    [TestCase("jobs")]
    [TestCase("import")]
    [TestCase("import", "x", "--part-megabytes", "0")]
    [TestCase("import", "x", "--patience", "-1")]
    [TestCase("search", "x", "--k", "many")]
    [TestCase("jobs", "list", "--server", "ftp://here")]
    [TestCase("jobs", "list", "--server", "http://me:secret@here")]
    [TestCase("jobs", "list", "--ask-key")]
    public async Task WrongUsage_IsTwo_AndNothingIsCalled(params string[] arguments)
    {
        var run = await InProcess.RunAsync(null, null, arguments);

        Assert.That(run.ExitCode, Is.EqualTo(2));
        Assert.That(run.Error, Is.Not.Empty);
    }

    [TestCase("--tolerance", "search", "x", "-t", "0,3")]
    [TestCase("--tolerance", "verify", "x", "y", "-t", "NaN")]
    [TestCase("--tolerance", "search", "x", "-t", "1e999")]
    [TestCase("--tolerance", "search", "x", "-t", "")]
    [TestCase("--k", "search", "x", "-k", "1,000")]
    [TestCase("--k", "search", "x", "-k", "0x10")]
    [TestCase("--false-match-rate", "calibrate", "-f", "0,01")]
    [TestCase("--steps", "calibrate", "--steps", "4.0")]
    [TestCase("--limit", "jobs", "list", "-n", "0")]
    [TestCase("--scope", "keys", "issue", "x", "--scope", "2")]
    [TestCase("--scope", "keys", "issue", "x", "--scope", "read,write")]
    [Category("Fault-B3")]
    public async Task Value_OfAnotherForm_IsWrongUsage(string option, params string[] arguments)
    {
        var run = await InProcess.RunAsync(null, null, arguments);

        Assert.That(run.ExitCode, Is.EqualTo(2));
        Assert.That(run.Error, Does.Contain($"{option} is ").And.Contains($"not '{arguments[^1]}'"));
    }

    [Test]
    [Category("Fault-B3")]
    public async Task Value_InItsForm_IsSent()
    {
        var asked = new List<string>();
        await InProcess.RunAsync(
            request =>
            {
                asked.Add(request.RequestUri!.Query);
                return InProcess.Json(Problem, HttpStatusCode.BadRequest);
            },
            null, "calibrate", "-f", "0.01", "--steps", "4");

        Assert.That(asked, Is.EqualTo(new[] { "?falseMatchRate=0.01&steps=4" }));
    }

    [Test]
    public async Task Help_ShowsEveryGlobalOption_AndIsZero()
    {
        var run = await InProcess.RunAsync(null, null, "--help");

        Assert.That(run.ExitCode, Is.Zero);
        Assert.That(run.Output, Does.Contain("--server").And.Contains("--key-file").And.Contains("--json").And.Contains("--quiet"));
    }

    [Test]
    public async Task Server_ComesFromTheOption_ElseTheVariable_ElseTheDefault()
    {
        var asked = new List<string>();
        HttpResponseMessage Answer(HttpRequestMessage request)
        {
            asked.Add(request.RequestUri!.ToString());
            return InProcess.Json("""{ "jobs": [] }""");
        }

        var variables = new Dictionary<string, string> { ["FACESEARCH_SERVER"] = "https://variable/base" };
        await InProcess.RunAsync(Answer, variables, "jobs", "list", "-s", "http://option:1");
        await InProcess.RunAsync(Answer, variables, "jobs", "list");
        await InProcess.RunAsync(Answer, null, "jobs", "list");

        Assert.That(asked, Is.EqualTo(new[]
        {
            "http://option:1/v1/jobs?limit=20", "https://variable/base/v1/jobs?limit=20", "http://localhost:8000/v1/jobs?limit=20",
        }));
    }

    [Test]
    public async Task Problem_IsShownWithAllThatHelps()
    {
        var run = await InProcess.RunAsync(
            _ => InProcess.Json(Problem, HttpStatusCode.BadRequest), null, "jobs", "list");

        Assert.That(run.ExitCode, Is.EqualTo(1));
        Assert.That(run.Output, Is.Empty);
        Assert.That(run.Error, Does.Contain("Bad Request").And.Contains("Correct the fields.").And.Contains("k: k is 1 to 1000.")
            .And.Contains("urn:facesearch:problem:invalid-request").And.Contains("trace-1"));
    }

    [Test]
    public async Task Problem_WithJson_IsOneLineOfJson()
    {
        var run = await InProcess.RunAsync(
            _ => InProcess.Json(Problem, HttpStatusCode.BadRequest), null, "jobs", "list", "--json");

        Assert.That(JsonSerializer.Deserialize<JsonElement>(run.Error).GetProperty("traceId").GetString(), Is.EqualTo("trace-1"));
    }

    [Test]
    public async Task AnswerOfAnotherServer_IsReported()
    {
        var run = await InProcess.RunAsync(_ => new HttpResponseMessage(HttpStatusCode.Found), null, "jobs", "list");

        Assert.That(run.ExitCode, Is.EqualTo(1));
        Assert.That(run.Error, Does.Contain("302").And.Contains("Is it a FaceSearch server"));
    }

    [Test]
    public async Task Json_IsWhatTheServerSaid()
    {
        var run = await InProcess.RunAsync(_ => InProcess.Json(Job), null, "jobs", "show", Guid.NewGuid().ToString(), "--json");

        var shown = JsonSerializer.Deserialize<JsonElement>(run.Output);
        Assert.That(JsonElement.DeepEquals(Dates(shown), Dates(JsonSerializer.Deserialize<JsonElement>(Job))), Is.True, run.Output);
        Assert.That(run.Output, Does.Not.Contain('\u001b'));
    }

    [Test]
    public async Task FileNames_CannotControlTheTerminal()
    {
        var run = await InProcess.RunAsync(_ => InProcess.Json(Job), null, "jobs", "show", Guid.NewGuid().ToString());

        Assert.That(run.Output, Does.Contain("No face was found").And.Not.Contain("\u001b"));
    }

    /// <summary>The same time may have another number of zeros or another offset.</summary>
    private static JsonElement Dates(JsonElement job)
    {
        var values = job.EnumerateObject().ToDictionary(
            property => property.Name,
            property => property.Name == "createdAt" ? property.Value.GetDateTimeOffset().UtcDateTime : (object)property.Value);
        return JsonSerializer.SerializeToElement(values.OrderBy(pair => pair.Key, StringComparer.Ordinal).ToDictionary());
    }
}
