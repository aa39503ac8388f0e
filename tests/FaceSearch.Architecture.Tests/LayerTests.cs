using System.Reflection;
using FaceSearch.Api.Search;
using FaceSearch.Domain.Faces;
using NetArchTest.Rules;

namespace FaceSearch.Architecture.Tests;

/// <summary>The dependency rule as one table: the namespaces that each layer or folder must not use.</summary>
internal sealed class LayerTests
{
    private static readonly Assembly Domain = typeof(Face).Assembly;
    private static readonly Assembly Application = typeof(Application.DependencyInjection).Assembly;
    private static readonly Assembly Infrastructure = typeof(Infrastructure.DependencyInjection).Assembly;
    private static readonly Assembly Api = typeof(SearchController).Assembly;
    private static readonly Assembly CommandLine = Assembly.Load("facesearch");

    private static readonly string[] Frameworks =
    [
        "Microsoft.EntityFrameworkCore", "Microsoft.AspNetCore", "Microsoft.Extensions", "Microsoft.ML", "SkiaSharp",
        "Mediator", "FluentValidation", "Serilog",
    ];

    private static IEnumerable<TestCaseData> Rules()
    {
        yield return Rule(Domain, "FaceSearch.Domain", ["FaceSearch.Application", "FaceSearch.Infrastructure", "FaceSearch.Api", .. Frameworks]);
        yield return Rule(Application, "FaceSearch.Application",
            ["FaceSearch.Infrastructure", "FaceSearch.Api", "Microsoft.AspNetCore", "Microsoft.ML", "SkiaSharp", "Microsoft.Data.Sqlite", "MySqlConnector", "Pomelo"]);
        yield return Rule(Infrastructure, "FaceSearch.Infrastructure", ["FaceSearch.Api", "Microsoft.AspNetCore"]);
        yield return Rule(Infrastructure, "FaceSearch.Infrastructure.FaceEngine",
            ["FaceSearch.Infrastructure.VectorIndex", "FaceSearch.Infrastructure.Persistence", "FaceSearch.Infrastructure.Jobs", "Microsoft.EntityFrameworkCore"]);
        yield return Rule(Infrastructure, "FaceSearch.Infrastructure.VectorIndex",
            ["FaceSearch.Infrastructure.FaceEngine", "FaceSearch.Infrastructure.Persistence", "FaceSearch.Infrastructure.Jobs"]);
        yield return Rule(Infrastructure, "FaceSearch.Infrastructure.Persistence",
            ["FaceSearch.Infrastructure.FaceEngine", "FaceSearch.Infrastructure.VectorIndex", "FaceSearch.Infrastructure.Jobs"]);
        yield return Rule(Infrastructure, "FaceSearch.Infrastructure.Jobs",
            ["FaceSearch.Infrastructure.FaceEngine", "FaceSearch.Infrastructure.VectorIndex", "FaceSearch.Infrastructure.Persistence"]);
        foreach (var folder in new[] { "Search", "Faces", "Persons", "Enrolment", "Collections", "Access", "Engine", "Contracts", "Http" })
            yield return Rule(Api, $"FaceSearch.Api.{folder}", ["FaceSearch.Infrastructure", "Microsoft.EntityFrameworkCore"]);
    }

    [TestCaseSource(nameof(Rules))]
    public void Layer_KnowsNothingForbidden(Assembly assembly, string layer, string[] forbidden)
    {
        var types = Types.InAssembly(assembly).That().ResideInNamespace(layer);
        Assert.That(types.GetTypes(), Is.Not.Empty, $"{layer} has no types: the rule guards nothing.");

        var result = types.ShouldNot().HaveDependencyOnAny(forbidden).GetResult();

        Assert.That(result.FailingTypeNames ?? [], Is.Empty);
    }

    /// <summary>The command line is a client of the API.</summary>
    [Test]
    public void CommandLine_KnowsOnlyTheClient()
    {
        var types = Types.InAssembly(CommandLine).That().ResideInNamespace("FaceSearch.Cli");
        Assert.That(types.GetTypes(), Is.Not.Empty);

        string[] server =
        [
            "FaceSearch.Domain", "FaceSearch.Application", "FaceSearch.Infrastructure", "FaceSearch.Api",
            "Microsoft.EntityFrameworkCore", "Microsoft.Extensions", "Microsoft.ML", "SkiaSharp", "MySqlConnector",
        ];
        Assert.That(types.ShouldNot().HaveDependencyOnAny(server).GetResult().FailingTypeNames ?? [], Is.Empty);
    }

    [Test]
    public void Handlers_AreInternalAndSealed()
    {
        var handlers = Types.InAssembly(Application).That().HaveNameEndingWith("Handler").And().AreClasses();
        Assert.That(handlers.GetTypes(), Is.Not.Empty);

        Assert.That(handlers.Should().NotBePublic().And().BeSealed().GetResult().FailingTypeNames ?? [], Is.Empty);
    }

    private static TestCaseData Rule(Assembly assembly, string layer, string[] forbidden) =>
        new TestCaseData(assembly, layer, forbidden).SetArgDisplayNames(layer);
}
