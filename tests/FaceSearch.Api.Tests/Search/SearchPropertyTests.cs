using FaceSearch.Api.Tests.Support;
using FaceSearch.Application.Search;
using FsCheck;
using FsCheck.Fluent;
using Mediator;
using Microsoft.Extensions.DependencyInjection;

namespace FaceSearch.Api.Tests.Search;

/// <summary>Filters, groups and exclusions against a slow reference that sorts everything, on random galleries.</summary>
internal sealed class SearchPropertyTests
{
    private const float ExclusionTolerance = 0.3f;

    private static readonly string[] Names = ["Ada", "Alan", "Grace", "Edsger", "Barbara"];

    private static readonly string[] TagNames = ["red", "blue", "green"];

    private TestServer server;

    [OneTimeSetUp]
    public void Start()
    {
        server = new TestServer();
        server.CreateClient().Dispose();
    }

    [OneTimeTearDown]
    public void Stop() => server.Dispose();

    [Test]
    public void Search_AnyGalleryAndTerms_AnswersAsTheTwin() =>
        Prop.ForAll(Arb.From(Gen.Choose(0, int.MaxValue)), seed => CheckAsync(new Random(seed)).GetAwaiter().GetResult())
            .Check(Config.QuickThrowOnFailure.WithMaxTest(60));

    private async Task CheckAsync(Random random)
    {
        // Coordinates on a grid make ties common, and sums of two squares do not depend on the order of rounding.
        var wanted = Enumerable.Range(0, random.Next(0, 60)).Select(_ => new WantedFace(
            Grid(random), Grid(random), random.Next(3) == 0 ? null : Pick(random, Names),
            [.. TagNames.Where(_ => random.Next(2) == 0)])).ToArray();
        var exclusions = Enumerable.Range(0, wanted.Length == 0 ? 0 : random.Next(0, 4))
            .Select(_ => (Pick(random, Names), random.Next(wanted.Length))).ToArray();
        var gallery = await StoredGallery.StoreAsync(server, wanted, exclusions);

        for (var round = 0; round < 12; round++)
        {
            var probe = new WantedFace(Grid(random), Grid(random));
            var filterNames = gallery.Persons.Keys.Where(_ => random.Next(6) == 0).ToArray();
            var terms = new SearchTerms(random.Next(1, 8), random.Next(1, 30) / 20f)
            {
                GroupByPerson = random.Next(2) == 0,
                PersonIds = [.. filterNames.Select(gallery.IdOf)],
                Tags = [.. TagNames.Where(_ => random.Next(4) == 0)],
            };

            var found = await SearchAsync(gallery, probe, terms);
            var twin = Twin(gallery, wanted, exclusions, probe, terms, filterNames);

            Assert.That(found.Matches.Select(match => (match.Face.FaceId, match.Face.Person)), Is.EqualTo(twin.Matches));
            Assert.That(found.Matches.Select(match => match.Rank), Is.EqualTo(Enumerable.Range(1, found.Matches.Count)));
            if (terms.GroupByPerson)
            {
                Assert.That(found.Groups!.Select(group => group.Person), Is.EqualTo(twin.Groups));
                Assert.That(
                    found.Groups!.SelectMany(group => group.Matches).OrderBy(match => match.Rank),
                    Is.EqualTo(found.Matches));
            }
        }
    }

    private async Task<IdentificationResult> SearchAsync(StoredGallery gallery, WantedFace probe, SearchTerms terms)
    {
        await using var scope = server.Services.CreateAsyncScope();
        var result = await scope.ServiceProvider.GetRequiredService<ISender>().Send(
            new SearchByEmbeddingQuery(gallery.Name, probe.Embedding.Values.ToArray(), null, terms));
        return result.Value.Found;
    }

    private static (List<(long, string?)> Matches, List<string?> Groups) Twin(
        StoredGallery gallery, WantedFace[] wanted, (string Person, int Face)[] exclusions, WantedFace probe,
        SearchTerms terms, string[] names)
    {
        var refused = exclusions
            .Where(of => Square(probe, wanted[of.Face]) <= (double)ExclusionTolerance * ExclusionTolerance)
            .Select(of => of.Person).ToHashSet();
        var sorted = Enumerable.Range(0, wanted.Length)
            .Select(i => (Id: gallery.Faces[i].Id, Face: wanted[i], Square: Square(probe, wanted[i]),
                Owner: exclusions.Contains((wanted[i].Person!, i)) ? null : wanted[i].Person))
            .Where(row => row.Square <= (double)terms.Tolerance * terms.Tolerance)
            .Where(row => names.Length == 0 || names.Contains(row.Owner))
            .Where(row => terms.Tags.All(tag => row.Face.Tags.Contains(tag)))
            .Where(row => row.Owner is null || !refused.Contains(row.Owner))
            .OrderBy(row => row.Square).ThenBy(row => row.Id)
            .ToList();
        if (!terms.GroupByPerson)
            return ([.. sorted.Take(terms.K).Select(row => (row.Id, row.Owner))], []);

        var groups = sorted.GroupBy(row => row.Owner ?? $"#{row.Id}").Take(terms.K).ToList();
        var kept = groups.SelectMany(group => group).Select(row => row.Id).ToHashSet();
        return (
            [.. sorted.Where(row => kept.Contains(row.Id)).Select(row => (row.Id, row.Owner))],
            [.. groups.Select(group => group.First().Owner)]);
    }

    private static double Square(WantedFace a, WantedFace b)
    {
        var (x, y) = ((double)a.X - b.X, (double)a.Y - b.Y);
        return x * x + y * y;
    }

    private static float Grid(Random random) => random.Next(0, 16) / 10f;

    private static T Pick<T>(Random random, T[] values) => values[random.Next(values.Length)];
}
