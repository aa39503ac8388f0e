using FaceSearch.Domain.Faces;
using FaceSearch.Domain.Recognisability;

namespace FaceSearch.Domain.Tests.Recognisability;

internal sealed class UnrecognisableFacesTests
{
    private static readonly UnrecognisableFaces Faces = new([new Embedding([0.3f, 0.4f]), new Embedding([-4, 0])], bound: 0.5f);

    [Test]
    public void RecognisabilityOf_AnyFace_IsTheDistanceFromTheNearestCentre()
    {
        Assert.That(Faces.RecognisabilityOf(new Embedding([0.3f, 0.4f])), Is.Zero);
        Assert.That(Faces.RecognisabilityOf(new Embedding([0.3f, 1.6f])), Is.EqualTo(1.2).Within(1e-6));
        Assert.That(Faces.RecognisabilityOf(new Embedding([-4, 3])), Is.EqualTo(3).Within(1e-6));
    }

    [TestCase(0.3f, 0.89f, true)]
    [TestCase(0.3f, 0.91f, false)]
    [TestCase(-4.4f, 0, true)]
    [TestCase(-4.6f, 0, false)]
    public void Contains_FaceNearTheBound_IsInsideOnlyBelowIt(float x, float y, bool isInside) =>
        Assert.That(Faces.Contains(new Embedding([x, y])), Is.EqualTo(isInside));

    // 0.5 and 0.25 have no rounding.
    [Test]
    public void Contains_FaceAtTheBound_IsRecognisable() => Assert.That(
        new UnrecognisableFaces([new Embedding([0.5f])], bound: 0.25f).Contains(new Embedding([0.25f])), Is.False);

    [Test]
    public void RecognisabilityOf_FaceOfAnotherModel_IsRefused() =>
        Assert.That(() => Faces.RecognisabilityOf(new Embedding([1, 0, 0])), Throws.ArgumentException);

    [Test]
    public void Constructor_NoCentreOrOtherLengths_IsRefused()
    {
        Assert.That(() => new UnrecognisableFaces([], 1), Throws.ArgumentException);
        Assert.That(() => new UnrecognisableFaces([new Embedding([1]), new Embedding([1, 2])], 1), Throws.ArgumentException);
    }

    [TestCase(0)]
    [TestCase(-0.1f)]
    [TestCase(float.NaN)]
    [TestCase(float.PositiveInfinity)]
    public void Constructor_BoundIsNoDistance_IsRefused(float bound) => Assert.That(
        () => new UnrecognisableFaces([new Embedding([1])], bound), Throws.TypeOf<ArgumentOutOfRangeException>());
}
