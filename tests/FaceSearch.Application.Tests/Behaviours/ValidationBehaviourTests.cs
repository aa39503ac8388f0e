using FaceSearch.Application.Behaviours;
using FaceSearch.Application.Results;
using FaceSearch.Application.Search;

namespace FaceSearch.Application.Tests.Behaviours;

internal sealed class ValidationBehaviourTests
{
    private readonly ValidationBehaviour<SearchFacesQuery, Result<SearchFacesResult>> behaviour =
        new([new SearchFacesValidator()]);

    [TestCase(0, 0.6f, "k")]
    [TestCase(-1, 0.6f, "k")]
    [TestCase(1001, 0.6f, "k")]
    [TestCase(5, 0f, "tolerance")]
    [TestCase(5, -1f, "tolerance")]
    [TestCase(5, 4.001f, "tolerance")]
    [TestCase(5, float.NaN, "tolerance")]
    [TestCase(5, float.PositiveInfinity, "tolerance")]
    public async Task Handle_OutOfLimits_RefusesAndNamesTheField(int k, float tolerance, string field)
    {
        var handled = false;

        var result = await behaviour.Handle(Query(k, tolerance), Next, CancellationToken.None);

        Assert.That(handled, Is.False);
        Assert.That(result.Error?.Kind, Is.EqualTo(ErrorKind.Invalid));
        Assert.That(result.Error?.Fields?.Keys, Is.EqualTo(new[] { field }));

        ValueTask<Result<SearchFacesResult>> Next(SearchFacesQuery query, CancellationToken ct)
        {
            handled = true;
            return default;
        }
    }

    [TestCase(1, 0.0001f)]
    [TestCase(1000, 4f)]
    public async Task Handle_AtTheLimits_PassesOn(int k, float tolerance)
    {
        var handled = false;

        await behaviour.Handle(
            Query(k, tolerance),
            (_, _) =>
            {
                handled = true;
                return default;
            },
            CancellationToken.None);

        Assert.That(handled, Is.True);
    }

    private static SearchFacesQuery Query(int k, float tolerance) => new("default", default, new SearchTerms(k, tolerance));
}
