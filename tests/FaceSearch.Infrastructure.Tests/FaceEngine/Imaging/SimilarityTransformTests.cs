using FaceSearch.Domain.Faces;
using FaceSearch.Infrastructure.FaceEngine.Imaging;

namespace FaceSearch.Infrastructure.Tests.FaceEngine.Imaging;

public sealed class SimilarityTransformTests
{
    [Test]
    public void Estimate_PointsMovedByATransform_RecoversIt()
    {
        var random = new Random(3);
        for (var i = 0; i < 200; i++)
        {
            var expected = Random(random);
            var source = Points(random, 5);
            var found = SimilarityTransform.Estimate(source, Move(source, expected))!.Value;
            Assert.Multiple(() =>
            {
                Assert.That(found.A, Is.EqualTo(expected.A).Within(1e-5));
                Assert.That(found.B, Is.EqualTo(expected.B).Within(1e-5));
                Assert.That(found.X, Is.EqualTo(expected.X).Within(1e-3));
                Assert.That(found.Y, Is.EqualTo(expected.Y).Within(1e-3));
            });
        }
    }

    // The least-squares solution: no transform near it has a smaller error.
    [Test]
    public void Estimate_NoisyPoints_NoNeighbourIsBetter()
    {
        var random = new Random(4);
        for (var i = 0; i < 50; i++)
        {
            var source = Points(random, 5);
            var target = Points(random, 5);
            var best = SimilarityTransform.Estimate(source, target)!.Value;
            foreach (var step in new[] { 1e-3, -1e-3 })
            {
                var least = Residual(best, source, target);
                Assert.That(Residual(best with { A = best.A + step }, source, target), Is.GreaterThan(least));
                Assert.That(Residual(best with { B = best.B + step }, source, target), Is.GreaterThan(least));
                Assert.That(Residual(best with { X = best.X + step }, source, target), Is.GreaterThan(least));
                Assert.That(Residual(best with { Y = best.Y + step }, source, target), Is.GreaterThan(least));
            }
        }
    }

    [Test]
    public void Invert_ThereAndBack_IsWhereItWas()
    {
        var transform = new SimilarityTransform(0.3, -1.7, 40, -3);

        var (x, y) = transform.Apply(12, 34);
        var back = transform.Invert().Apply(x, y);

        Assert.That(back.X, Is.EqualTo(12).Within(1e-9));
        Assert.That(back.Y, Is.EqualTo(34).Within(1e-9));
    }

    [Test]
    public void Estimate_OnePointFiveTimes_IsNull()
    {
        Landmark[] same = [.. Enumerable.Repeat(new Landmark(3, 4), 5)];
        var others = Points(new Random(5), 5);

        Assert.That(SimilarityTransform.Estimate(same, others), Is.Null);
        Assert.That(SimilarityTransform.Estimate(others, same), Is.Null);
    }

    [Test]
    public void Estimate_DifferentCounts_Throws() =>
        Assert.That(() => SimilarityTransform.Estimate([new(0, 0)], []), Throws.ArgumentException);

    private static SimilarityTransform Random(Random random) => new(
        (random.NextDouble() * 4) - 2, (random.NextDouble() * 4) + 0.1, random.Next(-300, 300), random.Next(-300, 300));

    private static Landmark[] Points(Random random, int count) =>
        [.. Enumerable.Range(0, count).Select(_ => new Landmark(random.Next(112), random.Next(112)))];

    private static Landmark[] Move(Landmark[] points, SimilarityTransform transform) =>
        [.. points.Select(point => transform.Apply(point.X, point.Y)).Select(point => new Landmark((float)point.X, (float)point.Y))];

    private static double Residual(SimilarityTransform transform, Landmark[] source, Landmark[] target) => source
        .Select((point, i) => transform.Apply(point.X, point.Y) is var moved
            ? Math.Pow(moved.X - target[i].X, 2) + Math.Pow(moved.Y - target[i].Y, 2) : 0)
        .Sum();
}
