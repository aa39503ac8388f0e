using FaceSearch.Domain.Faces;

namespace FaceSearch.Domain.Tests.Faces;

internal sealed class MainFaceTests
{
    private static readonly BoundingBox Centre = new(200, 200, 100, 100);

    [TestCase(0, 0, 140, 140, Description = "a larger face in the corner")]
    [TestCase(210, 210, 80, 80, Description = "a smaller face in the centre")]
    [TestCase(200, 200, 100, 100, Description = "the same box: the first is taken")]
    public void IndexOf_FaceInTheCentre_IsTaken(int x, int y, int width, int height) =>
        Assert.That(MainFace.IndexOf([Centre, new BoundingBox(x, y, width, height)], 500, 500), Is.Zero);

    [TestCase(150, 150, 200, 200, Description = "as central, and larger")]
    [TestCase(230, 200, 130, 130, Description = "a little aside, and much larger")]
    public void IndexOf_LargerFaceNearTheCentre_IsTaken(int x, int y, int width, int height) =>
        Assert.That(MainFace.IndexOf([Centre, new BoundingBox(x, y, width, height)], 500, 500), Is.EqualTo(1));

    [Test]
    public void IndexOf_IsTheAreaMinusTwiceTheSquareOfTheDistance()
    {
        // 9,025 - 2 x (34.5² + 0.5²) = 6,644 against 6,400; two pixels to the right it is 6,360.
        BoundingBox[] boxes = [new(210, 210, 80, 80), new(237, 203, 95, 95)];

        Assert.That(MainFace.IndexOf(boxes, 500, 500), Is.EqualTo(1));
        Assert.That(MainFace.IndexOf([boxes[0], boxes[1] with { X = 238 }], 500, 500), Is.EqualTo(1));
        Assert.That(MainFace.IndexOf([boxes[0], boxes[1] with { X = 239 }], 500, 500), Is.Zero);
    }

    [Test]
    public void IndexOf_NoBox_Throws() => Assert.That(() => MainFace.IndexOf([], 10, 10), Throws.ArgumentException);
}
