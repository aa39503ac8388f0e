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

    // A picture of 100 x 50.
    [TestCase(10, 10, 20, 20, 10, 10, 20, 20)]
    [TestCase(-5, -6, 20, 20, 0, 0, 15, 14, Description = "over the left and the upper edge")]
    [TestCase(90, 40, 20, 20, 90, 40, 10, 10, Description = "over the right and the lower edge")]
    [TestCase(-5, -5, 200, 200, 0, 0, 100, 50, Description = "larger than the picture")]
    [TestCase(-30, 10, 20, 20, 0, 10, 1, 20, Description = "left of the picture")]
    [TestCase(200, 300, 20, 20, 99, 49, 1, 1, Description = "below the picture")]
    [TestCase(5, 5, 0, 0, 5, 5, 1, 1, Description = "empty")]
    [TestCase(int.MaxValue, int.MaxValue, int.MaxValue, int.MaxValue, 99, 49, 1, 1)]
    [Category("Fault-F5")]
    public void ClipTo_IsInsideThePictureAndNotEmpty(
        int x, int y, int width, int height, int left, int top, int right, int bottom) => Assert.That(
        new BoundingBox(x, y, width, height).ClipTo(100, 50), Is.EqualTo(new BoundingBox(left, top, right, bottom)));
}
