using FaceSearch.Infrastructure.VectorIndex.Sync;
using Microsoft.Extensions.Time.Testing;

namespace FaceSearch.Infrastructure.Tests.VectorIndex.Sync;

[TestFixture]
internal sealed class SequenceGapTrackerTests
{
    private readonly FakeTimeProvider time = new();
    private SequenceGapTracker tracker;

    [SetUp]
    public void Create() => tracker = new SequenceGapTracker(time);

    [Test]
    public void See_IdsWithHoles_RemembersTheHolesUntilTheyAreFilled()
    {
        tracker.StartAt(10);
        tracker.See([11, 16]);
        AssertUnseen(16, new IdRange(12, 15));

        tracker.See([13]);
        AssertUnseen(16, new IdRange(12, 12), new IdRange(14, 15));

        tracker.See([15, 12]);
        AssertUnseen(16, new IdRange(14, 14));

        tracker.See([14]);
        AssertUnseen(16);
    }

    [Test]
    public void See_AnIdTwice_ChangesNothing()
    {
        tracker.See([3, 2, 2, 3]);

        AssertUnseen(3, new IdRange(1, 1));
    }

    [Test]
    public void Unseen_AfterThePatience_DropsOldHolesOnly()
    {
        tracker.See([2]);
        time.Advance(SequenceGapTracker.Patience);
        tracker.See([4]);
        time.Advance(TimeSpan.FromSeconds(1));

        AssertUnseen(4, new IdRange(3, 3));
    }

    [Test]
    public void See_AHugeLeap_IsOneHole()
    {
        tracker.See([2, 1_000_000_000_000]);

        AssertUnseen(1_000_000_000_000, new IdRange(1, 1), new IdRange(3, 999_999_999_999));
    }

    [Test]
    public void See_TooManyHoles_KeepsTheYoungest()
    {
        tracker.See(Enumerable.Range(1, SequenceGapTracker.MaxGaps + 5).Select(i => 2L * i));

        var (_, gaps) = tracker.Unseen();
        Assert.That(gaps, Has.Count.EqualTo(SequenceGapTracker.MaxGaps));
        Assert.That(gaps[0], Is.EqualTo(new IdRange(11, 11)));
    }

    private void AssertUnseen(long last, params IdRange[] gaps)
    {
        var unseen = tracker.Unseen();
        Assert.That(unseen.Last, Is.EqualTo(last));
        Assert.That(unseen.Gaps, Is.EqualTo(gaps));
    }
}
