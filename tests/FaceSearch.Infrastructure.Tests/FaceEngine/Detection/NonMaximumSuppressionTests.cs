using FaceSearch.Domain.Faces;
using FaceSearch.Infrastructure.FaceEngine.Detection;

namespace FaceSearch.Infrastructure.Tests.FaceEngine.Detection;

public sealed class NonMaximumSuppressionTests
{
    [TestCase(0, 0, 10, 10, 1.0)]
    [TestCase(10, 0, 10, 10, 0.0)]
    [TestCase(5, 0, 10, 10, 50.0 / 150)]
    [TestCase(2, 2, 4, 4, 0.16)]
    [TestCase(0, 0, 0, 0, 0.0)]
    public void Overlap_OfTwoBoxes_IsIntersectionOverUnion(int x, int y, int width, int height, double expected)
    {
        BoundingBox a = new(0, 0, 10, 10), b = new(x, y, width, height);

        Assert.That(NonMaximumSuppression.Overlap(a, b), Is.EqualTo(expected).Within(1e-12));
        Assert.That(NonMaximumSuppression.Overlap(b, a), Is.EqualTo(expected).Within(1e-12));
    }

    [Test]
    public void Apply_OverlappingFinds_KeepsTheBestOfEach()
    {
        var kept = NonMaximumSuppression.Apply([Find(0, 0.8f), Find(1, 0.9f), Find(100, 0.7f), Find(101, 0.6f)], 0.3);

        Assert.That(kept.Select(face => face.Score), Is.EqualTo(new[] { 0.9f, 0.7f }));
    }

    // The best box suppresses the middle one, so the middle one does not suppress the third.
    [Test]
    public void Apply_Chain_OnlyKeptFindsSuppress()
    {
        var kept = NonMaximumSuppression.Apply([Find(0, 0.9f), Find(4, 0.8f), Find(8, 0.7f)], 0.3);

        Assert.That(kept.Select(face => face.Box.X), Is.EqualTo(new[] { 0, 8 }));
    }

    [Test]
    public void Apply_AnyOrder_SameAnswer()
    {
        var random = new Random(7);
        var finds = Enumerable.Range(0, 60).Select(_ => Find(random.Next(80), random.Next(3) / 3f)).ToArray();
        var expected = NonMaximumSuppression.Apply([.. finds], 0.3);
        for (var i = 0; i < 20; i++)
        {
            random.Shuffle(finds);
            Assert.That(NonMaximumSuppression.Apply([.. finds], 0.3), Is.EqualTo(expected));
        }
    }

    [TestCase(0, 0, 10, 10, 1.0)]
    [TestCase(10, 0, 10, 10, 0.0)]
    [TestCase(5, 0, 10, 10, 0.5)]
    [TestCase(8, 0, 4, 10, 0.5)]
    [TestCase(-5, -5, 40, 40, 1.0)]
    public void Covered_IsTheShareOfTheSmallerBox(int x, int y, int width, int height, double expected)
    {
        BoundingBox a = new(0, 0, 10, 10), b = new(x, y, width, height);

        Assert.That(NonMaximumSuppression.Covered(a, b), Is.EqualTo(expected).Within(1e-12));
        Assert.That(NonMaximumSuppression.Covered(b, a), Is.EqualTo(expected).Within(1e-12));
    }

    // The boxes of a face that fills its picture, and of an eye and the cheek beside it.
    [TestCase(false, 1)]
    [TestCase(true, 2)]
    [Category("Fault-F6")]
    public void WithoutParts_FindInsideALargerOne_StaysOnlyWhenItIsFoundAgain(bool isFoundAgain, int expected)
    {
        FaceDetection face = new(new BoundingBox(-25, -7, 1463, 2188), 0.8f, null);
        FaceDetection part = new(new BoundingBox(904, 478, 576, 611), 0.9f, null);

        var faces = NonMaximumSuppression.WithoutParts([part, face], 0.7, _ => isFoundAgain).ToList();

        Assert.That(faces, Has.Count.EqualTo(expected).And.Contains(face));
    }

    [Test, Category("Fault-F6")]
    public void WithoutParts_NeighboursInAGroup_NeedNoSecondLook()
    {
        FaceDetection left = new(new BoundingBox(37, 56, 94, 134), 0.9f, null), right = new(new BoundingBox(97, 64, 89, 122), 0.9f, null);

        Assert.That(NonMaximumSuppression.WithoutParts([left, right], 0.7, _ => false), Is.EqualTo(new[] { left, right }));
    }

    private static FaceDetection Find(int x, float score) => new(new BoundingBox(x, 0, 10, 10), score, null);
}
