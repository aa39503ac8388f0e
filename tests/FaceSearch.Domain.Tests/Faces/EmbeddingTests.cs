using FaceSearch.Domain.Faces;

namespace FaceSearch.Domain.Tests.Faces;

internal sealed class EmbeddingTests
{
    [Test]
    public void DistanceTo_KnownVectors_IsEuclidean()
    {
        var origin = new Embedding([0, 0, 0]);
        var other = new Embedding([2, 3, 6]);

        Assert.That(origin.DistanceTo(other), Is.EqualTo(7.0));
        Assert.That(other.DistanceTo(other), Is.Zero);
    }

    [Test]
    public void DistanceTo_OtherLength_Throws() =>
        Assert.That(() => new Embedding([1, 2]).DistanceTo(new Embedding([1])), Throws.ArgumentException);

    [TestCase(float.NaN)]
    [TestCase(float.PositiveInfinity)]
    [TestCase(float.NegativeInfinity)]
    public void Constructor_NotFinite_Throws(float value) =>
        Assert.That(() => new Embedding([0, value]), Throws.ArgumentException);

    [Test]
    public void Constructor_Empty_Throws() => Assert.That(() => new Embedding([]), Throws.ArgumentException);

    [Test]
    public void Constructor_SourceChangesLater_KeepsItsValues()
    {
        float[] source = [1, 2];
        var embedding = new Embedding(source);

        source[0] = 9;

        Assert.That(embedding.Values[0], Is.EqualTo(1f));
    }
}
