using FaceSearch.Infrastructure.VectorIndex.Scan;

namespace FaceSearch.Infrastructure.Tests.VectorIndex.Scan;

[TestFixture]
internal sealed class TopKTests
{
    [Test]
    public void Push_MoreThanK_KeepsNearest([Values(1, 2, 7, 100, 999, 1000, 5000, int.MaxValue)] int k)
    {
        var random = new Random(k);
        var candidates = Enumerable.Range(0, 1000)
            .Select(_ => new Candidate(random.Next(40), random.Next(1_000_000)))
            .ToArray();
        var top = Started(k, 30);

        foreach (var candidate in candidates)
            top.Push(candidate);

        var expected = candidates.Where(candidate => candidate.SquaredDistance <= 30).Order().Take(k);
        Assert.That(top.ToMatches().Select(match => match.FaceId), Is.EqualTo(expected.Select(face => face.FaceId)));
    }

    [Test]
    public void Push_EqualDistances_KeepsSmallestIds()
    {
        var top = Started(2, 1);
        foreach (var id in new long[] { 9, 4, 7, 1 })
            top.Push(new Candidate(0.5, id));

        Assert.That(top.ToMatches().Select(match => match.FaceId), Is.EqualTo(new long[] { 1, 4 }));
    }

    [Test]
    public void SquaredLimit_IsTheToleranceUntilFull_ThenTheFarthestKept()
    {
        var top = Started(2, 1);
        top.Push(new Candidate(0.25, 1));
        Assert.That(top.SquaredLimit, Is.EqualTo(1));

        top.Push(new Candidate(0.5, 2));
        Assert.That(top.SquaredLimit, Is.EqualTo(0.5));
    }

    [Test]
    public void Push_BeyondTheToleranceOrNaN_IsIgnored()
    {
        var top = Started(5, 1);
        top.Push(new Candidate(1.5, 1));
        top.Push(new Candidate(double.NaN, 2));
        top.Push(new Candidate(1, 3));

        Assert.That(top.ToMatches().Single().FaceId, Is.EqualTo(3));
    }

    [Test]
    public void Merge_OfPartitions_EqualsOneHeap()
    {
        var random = new Random(1);
        TopK[] parts = [Started(10, 1), Started(10, 1), Started(10, 1)];
        var whole = Started(10, 1);
        for (var id = 0; id < 500; id++)
        {
            var candidate = new Candidate(random.NextDouble(), id);
            parts[id % 3].Push(candidate);
            whole.Push(candidate);
        }

        parts[0].Merge(parts[1]);
        parts[0].Merge(parts[2]);

        Assert.That(parts[0].ToMatches(), Is.EqualTo(whole.ToMatches()));
    }

    [Test]
    public void Start_KBelowOne_IsRefused() =>
        Assert.That(() => new TopK().Start(0, 1), Throws.InstanceOf<ArgumentException>());

    private static TopK Started(int k, double squaredTolerance)
    {
        var top = new TopK();
        top.Start(k, squaredTolerance);
        return top;
    }
}
