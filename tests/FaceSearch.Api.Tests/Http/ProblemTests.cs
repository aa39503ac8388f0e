using System.Text.Json;
using System.Text.RegularExpressions;
using FaceSearch.Api.Http.Problems;
using FaceSearch.Api.Http.Problems.Table;
using FaceSearch.Api.Tests.Support;
using FaceSearch.Application.Results;
using FaceSearch.Domain.Quality;
using FaceSearch.TestSupport;

namespace FaceSearch.Api.Tests.Http;

/// <summary>The table of problems against the sources, the documents and the API.</summary>
internal sealed partial class ProblemTests
{
    private static readonly string[] NotOfAnyOperation =
        ["internal-error", "route-not-found", "method-not-allowed", "address-too-long", "headers-too-large", "storage-full", "http-error"];

    /// <summary>The web server's refusals, whose status is not that of the error's kind.</summary>
    private static readonly string[] WithTheirOwnStatus = ["method-not-allowed", "address-too-long", "headers-too-large", "http-error"];

    private TestServer server;
    private JsonElement components;

    [OneTimeSetUp]
    public async Task Start()
    {
        server = new TestServer();
        using var client = server.CreateClient();
        components = (await (await client.GetAsync("/openapi/v1.json")).ReadJsonAsync()).GetProperty("components");
    }

    [OneTimeTearDown]
    public void Stop() => server.Dispose();

    [Test]
    public void Problems_Document_IsTheTable() => AssertCommitted("problems.md", ProblemDocument.Render());

    [Test]
    public void Problems_DocumentOfReasons_IsTheTable() => AssertCommitted("reasons.json", ProblemDocument.RenderReasons());

    [Test]
    public void Problems_EveryCodeInTheSource_HasARowWithItsStatus()
    {
        var errors = Sources().SelectMany(text => ErrorKindAndCode().Matches(text))
            .Select(match => (Kind: Enum.Parse<ErrorKind>(match.Groups["kind"].Value), Code: match.Groups["code"].Value))
            .Distinct().ToList();

        Assert.That(errors, Is.Not.Empty);
        Assert.That(errors.Select(error => error.Code).Except(ProblemCatalogue.All.Keys), Is.Empty);
        foreach (var (kind, code) in errors.Where(error => !WithTheirOwnStatus.Contains(error.Code)))
            Assert.That(ProblemCatalogue.StatusOf(code), Is.EqualTo(ProblemMapping.StatusOf(kind)), code);
    }

    [Test]
    public void Problems_EveryFactInTheSource_IsInTheTable()
    {
        var facts = Sources().Where(text => text.Contains("Facts = ", StringComparison.Ordinal))
            .SelectMany(text => FactName().Matches(text)).Select(match => match.Groups["fact"].Value).Distinct().ToList();

        Assert.That(facts, Is.Not.Empty);
        Assert.That(facts.Except(Facts().Select(fact => fact.Name)), Is.EqualTo(["picture"]), "/v1/verify adds 'picture'");
    }

    [Test]
    public void Problems_EveryFact_HasItsMeaningInTheDocument()
    {
        var members = components.GetProperty("schemas").GetProperty(nameof(ProblemResponse)).GetProperty("properties");

        foreach (var fact in Facts())
            Assert.That(members.GetProperty(fact.Name).GetProperty("description").GetString(), Is.EqualTo(fact.Meaning), fact.Name);
    }

    [Test]
    public void Problems_EveryRow_IsOfAnOperation()
    {
        var documented = components.GetProperty("examples").EnumerateObject().Select(one => one.Name);
        var answers = ProblemCatalogue.All.Values.Where(problem => problem.Status is not null).Select(problem => problem.Code);

        Assert.That(answers.Except(documented), Is.SubsetOf(NotOfAnyOperation));
    }

    [TestCase("duplicate-picture", 409)]
    [TestCase("no-face", 422)]
    [TestCase("storage-unavailable", 503)]
    public void Problems_KnownCode_HasItsStatus(string code, int status) =>
        Assert.That(ProblemCatalogue.StatusOf(code), Is.EqualTo(status));

    [Test, Category("Fault-F9")]
    public void Facts_ExampleOfAnEntry_IsAFileOfAnExport() => Assert.That(
        File.ReadAllText(Path.Combine(SharedData.RepositoryRoot, "src/FaceSearch.Application/Transfer/TransferFormat.cs")),
        Does.Contain($"\"{ProblemFacts.Entry.Example}\""));

    [Test]
    public async Task Problems_OfTheServer_HaveTheTitleOfTheTable()
    {
        using var client = server.CreateClient();
        var problem = await (await client.GetAsync("/v1/collections/unknown/faces")).ReadJsonAsync();

        Assert.That(problem.GetProperty("title").GetString(), Is.EqualTo("The call needs a valid API key"));
    }

    [Test]
    public void Reasons_OfFaces_AreThoseOfTheDomain()
    {
        var names = Enum.GetNames<RefusalReason>().Select(JsonNamingPolicy.KebabCaseLower.ConvertName);

        Assert.That(PictureProblems.FaceReasons.Select(reason => reason.Code), Is.EqualTo(names));
    }

    [Test]
    public void Reasons_OfFiles_AreThoseInTheSource()
    {
        string[] files =
        [
            "FaceSearch.Infrastructure/Jobs/EnrolmentReasons.cs", "FaceSearch.Application/Erasure/ErasureScope.cs",
            "FaceSearch.Application/Transfer/ImportRules.cs",
        ];
        var codes = files
            .SelectMany(file => Constant().Matches(File.ReadAllText(Path.Combine(SharedData.RepositoryRoot, "src", file))))
            .Select(match => match.Groups["code"].Value);

        Assert.That(JobProblems.FileReasons.Select(reason => reason.Code), Is.EquivalentTo(codes));
    }

    [Test]
    public void Reasons_OfFailedJobs_AreInTheTable()
    {
        var codes = Sources().SelectMany(text => FailedJob().Matches(text)).Select(match => match.Groups["code"].Value).ToList();

        Assert.That(codes, Is.Not.Empty);
        Assert.That(codes, Is.SubsetOf(ProblemCatalogue.All.Values.Where(problem => problem.FailsJobs).Select(problem => problem.Code)));
    }

    /// <param name="name">A file in <c>docs</c>.</param>
    private static void AssertCommitted(string name, string rendered)
    {
        var file = Path.Combine(SharedData.RepositoryRoot, "docs", name);
        if (Environment.GetEnvironmentVariable("UPDATE_PROBLEMS") == "1")
            File.WriteAllText(file, rendered);
        else
            Assert.That(rendered, Is.EqualTo(File.Exists(file) ? File.ReadAllText(file) : string.Empty), "Run the tests with UPDATE_PROBLEMS=1 and review the difference.");
    }

    private static IEnumerable<ProblemFact> Facts() => ProblemCatalogue.All.Values.SelectMany(problem => problem.Facts).Distinct();

    private static IEnumerable<string> Sources() =>
        Directory.EnumerateFiles(Path.Combine(SharedData.RepositoryRoot, "src"), "*.cs", SearchOption.AllDirectories)
            .Select(File.ReadAllText);

    [GeneratedRegex("""ErrorKind\.(?<kind>\w+),\s*"(?<code>[a-z-]+)",""")]
    private static partial Regex ErrorKindAndCode();

    [GeneratedRegex("""\["(?<fact>\w+)"\] = """)]
    private static partial Regex FactName();

    [GeneratedRegex("""(FailAsync\(\s*jobId,|IncompleteCode =)\s*"(?<code>[a-z-]+)["]""")]
    private static partial Regex FailedJob();

    [GeneratedRegex("""const string \w+ = "(?<code>[a-z-]+)";""")]
    private static partial Regex Constant();
}
