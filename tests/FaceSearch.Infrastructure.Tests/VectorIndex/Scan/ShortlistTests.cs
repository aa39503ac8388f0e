using FaceSearch.Infrastructure.VectorIndex.Scan;

namespace FaceSearch.Infrastructure.Tests.VectorIndex.Scan;

[TestFixture]
internal sealed class ShortlistTests
{
    [Test]
    public void TakePromising_TakesTheNearerHalfAndDropsWhatLiesBeyondTheLimit()
    {
        var shortlist = Filled(0.5, 0.1, 0.9, 0.3, 0.2);
        var taken = Shortlist.CreateBuffer();

        Assert.That(taken[..shortlist.TakeNearest(0.5, taken)].Select(row => row.LeastSquaredDistance), Is.EqualTo(new[] { 0.1, 0.3, 0.2 }));
        Assert.That(taken[..shortlist.TakeNearest(0.5, taken)].Select(row => row.LeastSquaredDistance), Is.EqualTo(new[] { 0.5 }));
        Assert.That(shortlist.IsEmpty, Is.True);
    }

    [TestCase(double.PositiveInfinity)]
    [TestCase(0.4)]
    [TestCase(0)]
    public void TakePromising_AgainAndAgain_TakesEveryRowThatMayBeNearEnough(double limit)
    {
        double[] least = [double.NegativeInfinity, 0.4, -0.1, 0.2, 0.4000001, double.NegativeInfinity, 0];
        var shortlist = Filled(least);
        var (taken, buffer) = (new List<double>(), Shortlist.CreateBuffer());
        while (!shortlist.IsEmpty)
            taken.AddRange(buffer[..shortlist.TakeNearest(limit, buffer)].Select(row => row.LeastSquaredDistance));

        Assert.That(taken, Is.EquivalentTo(least.Where(distance => distance <= limit)));
    }

    private static Shortlist Filled(params double[] least)
    {
        var shortlist = new Shortlist();
        for (var row = 0; row < least.Length; row++)
            shortlist.Add(new ShortlistedRow(least[row], 0, row));

        return shortlist;
    }
}
