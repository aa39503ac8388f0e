using FaceSearch.Infrastructure.VectorIndex.Codes;

namespace FaceSearch.Infrastructure.Tests.VectorIndex.Codes;

[TestFixture, Category(InstructionSetTests.Portable)]
internal sealed class SquaredDistanceTests
{
    [Test]
    public void Between_EveryWidth_AnswersTheSameBits([Values(16, 48, 128, 512)] int length)
    {
        var random = new Random(length);
        for (var repeat = 0; repeat < 200; repeat++)
        {
            var (a, b) = (Vector(random, length), Vector(random, length));

            var scalar = SquaredDistance.ByScalar(a, b);

            Assert.That(SquaredDistance.ByVector128(a, b), Is.EqualTo(scalar));
            Assert.That(SquaredDistance.ByVector256(a, b), Is.EqualTo(scalar));
            Assert.That(SquaredDistance.ByVector512(a, b), Is.EqualTo(scalar));
            Assert.That(SquaredDistance.Between(a, b), Is.EqualTo(scalar));
        }
    }

    [Test]
    public void Between_KnownVectors_SumsTheSquares()
    {
        var a = new float[16];
        var b = new float[16];
        (a[0], b[0], a[15], b[15]) = (3, 0, -1, 3);

        Assert.That(SquaredDistance.Between(a, b), Is.EqualTo(25));
    }

    [Test]
    public void Between_LargestFloats_StaysFinite()
    {
        float[] a = [.. Enumerable.Repeat(float.MaxValue, 16)];
        float[] b = [.. Enumerable.Repeat(float.MinValue, 16)];

        Assert.That(SquaredDistance.Between(a, b), Is.Positive.And.LessThan(double.PositiveInfinity));
    }

    [Test]
    public void Between_LengthsThatDoNotFit_AreRefused()
    {
        Assert.That(() => SquaredDistance.Between(new float[16], new float[15]), Throws.InstanceOf<ArgumentException>());
        Assert.That(() => SquaredDistance.Between(new float[17], new float[17]), Throws.InstanceOf<ArgumentException>());
    }

    private static float[] Vector(Random random, int length)
    {
        var scale = MathF.Pow(10, random.Next(-3, 4));
        return [.. Enumerable.Range(0, length).Select(_ => scale * (random.NextSingle() - 0.5f))];
    }
}
