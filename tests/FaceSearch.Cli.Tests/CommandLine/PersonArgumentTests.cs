using System.Net;
using FaceSearch.Cli.Tests.Support;

namespace FaceSearch.Cli.Tests.CommandLine;

/// <summary>In the stand-in's collection, person 27 is Ada, and person 31 is named "27".</summary>
[Category("Fault-F3")]
internal sealed class PersonArgumentTests
{
    private readonly List<string> calls = [];

    [SetUp]
    public void Clear() => calls.Clear();

    [TestCase("persons", "erase", "27", "--yes")]
    [TestCase("persons", "rename", "27", "Eve")]
    [TestCase("persons", "merge", "27", "5")]
    [TestCase("persons", "merge", "5", "27")]
    public async Task TextIsAnIdAndAName_IsWrongUsage_AndChangesNothing(params string[] arguments)
    {
        var run = await InProcess.RunAsync(Answer, null, arguments);

        Assert.That(run.ExitCode, Is.EqualTo(2), run.Error);
        Assert.That(run.Error, Does.Contain("'27'").And.Contain("'Ada'").And.Contain("31").And.Contain("--id"));
        Assert.That(calls, Has.All.StartsWith("GET "));
    }

    [TestCase("DELETE persons/27", "persons", "erase", "27", "--yes", "--id")]
    [TestCase("DELETE persons/31", "persons", "erase", "27", "--yes", "--name")]
    [TestCase("DELETE persons/5", "persons", "erase", "5", "--yes")]
    [TestCase("DELETE persons/27", "persons", "erase", "Ada", "--yes")]
    [TestCase("PATCH persons/31", "persons", "rename", "27", "Eve", "--name")]
    [TestCase("POST persons/27/merge", "persons", "merge", "27", "5", "--id")]
    public async Task OneMeaning_IsThatPerson(string call, params string[] arguments)
    {
        await InProcess.RunAsync(Answer, null, arguments);

        Assert.That(calls.Where(one => !one.StartsWith("GET ", StringComparison.Ordinal)), Is.EqualTo(new[] { call }));
    }

    [TestCase("6")]
    [TestCase("Eve")]
    public async Task NoSuchPerson_IsOne(string person)
    {
        var run = await InProcess.RunAsync(Answer, null, "persons", "erase", person, "--yes");

        Assert.That((run.ExitCode, calls.Count(one => !one.StartsWith("GET ", StringComparison.Ordinal))), Is.EqualTo((1, 0)));
        Assert.That(run.Error, Does.Contain($"no person '{person}'"));
    }

    [Test]
    public async Task BothOptions_AreWrongUsage()
    {
        var run = await InProcess.RunAsync(null, null, "persons", "erase", "27", "--yes", "--id", "--name");

        Assert.That(run.ExitCode, Is.EqualTo(2));
    }

    private HttpResponseMessage Answer(HttpRequestMessage request)
    {
        var path = request.RequestUri!.AbsolutePath["/v1/collections/default/".Length..];
        calls.Add($"{request.Method} {path}");
        if (request.Method != HttpMethod.Get)
            return Missing();

        var query = request.RequestUri.Query;
        return path switch
        {
            "persons" => InProcess.Json($$"""{"persons":[{{(query.Contains("name=27") ? Person("31", "27") : query.Contains("name=Ada") ? Person("27", "Ada") : "")}}]}"""),
            "persons/27" => InProcess.Json(Person("27", "Ada")),
            "persons/31" => InProcess.Json(Person("31", "27")),
            "persons/5" => InProcess.Json(Person("5", "Bob")),
            _ => Missing(),
        };
    }

    private static string Person(string id, string name) => $$"""{"personId":"{{id}}","name":"{{name}}","faceCount":1,"sampleFaceId":"1"}""";

    private static HttpResponseMessage Missing() => InProcess.Json(
        """{"type":"urn:facesearch:problem:person-not-found","title":"No","status":404,"detail":"No.","traceId":"t"}""", HttpStatusCode.NotFound);
}
