using FaceSearch.Domain.Faces;

namespace FaceSearch.Domain.Tests.Faces;

[TestFixture]
internal sealed class FaceMatchingTests
{
    private static readonly BoundingBox Here = new(10, 10, 100, 100);

    [TestCase(0, ExpectedResult = 0)]
    [TestCase(53, ExpectedResult = 0, Description = "47 / 153 = 0.307")]
    [TestCase(54, ExpectedResult = -1, Description = "46 / 154 = 0.299")]
    [TestCase(500, ExpectedResult = -1)]
    public int Match_BoxMovedAside_UpToThreeTenthsOfOverlap(int by) =>
        Match([Here], [Here with { X = Here.X + by }])[0];

    [Test]
    public void Match_SeveralOverlap_EachGetsItsBest_AndNoneIsUsedTwice()
    {
        var near = Here with { X = 20 };

        Assert.That(Match([Here, near], [near, Here]), Is.EqualTo(new[] { 1, 0 }));
        Assert.That(Match([Here, near], [near]), Is.EqualTo(new[] { -1, 0 }));
        Assert.That(Match([Here], []), Is.EqualTo(new[] { -1 }));
    }

    private static int[] Match(BoundingBox[] enrolled, BoundingBox[] detected) =>
        FaceMatching.Match(enrolled, detected, FaceMatching.MinOverlapOfDetectors);
}
