using FaceSearch.Domain.Faces;

namespace FaceSearch.Domain.Tests.Faces;

internal sealed class BoundingBoxTests
{
    private static readonly BoundingBox Box = new(10, 10, 20, 20);

    [TestCase(31, 20, 31)]
    [TestCase(20, 32, 32)]
    public void LongerSide_IsTheLargerOfBoth(int width, int height, int longer) =>
        Assert.That(new BoundingBox(-5, -5, width, height).LongerSide, Is.EqualTo(longer));

    [TestCase(10, 10, 20, 20, 1)]
    [TestCase(20, 10, 20, 20, 1.0 / 3)]
    [TestCase(15, 15, 10, 10, 0.25)]
    [TestCase(30, 10, 20, 20, 0, Description = "edge to edge")]
    [TestCase(-100, -100, 50, 50, 0)]
    [TestCase(15, 15, 0, 0, 0)]
    [TestCase(int.MinValue, int.MinValue, int.MaxValue, int.MaxValue, 0)]
    [TestCase(int.MaxValue, int.MaxValue, int.MaxValue, int.MaxValue, 0)]
    public void OverlapWith_IsIntersectionOverUnionBothWays(int x, int y, int width, int height, double overlap)
    {
        var other = new BoundingBox(x, y, width, height);

        Assert.That(Box.OverlapWith(other), Is.EqualTo(overlap).Within(1e-12));
        Assert.That(other.OverlapWith(Box), Is.EqualTo(overlap).Within(1e-12));
    }

    [Test]
    public void OverlapWith_HugeBox_StaysBetweenZeroAndOne() => Assert.That(
        Box.OverlapWith(new BoundingBox(0, 0, int.MaxValue, int.MaxValue)), Is.GreaterThan(0).And.LessThan(1e-6));
}
