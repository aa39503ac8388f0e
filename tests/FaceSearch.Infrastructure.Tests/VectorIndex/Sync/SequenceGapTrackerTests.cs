using FaceSearch.Infrastructure.VectorIndex.Sync;
using Microsoft.Extensions.Time.Testing;

namespace FaceSearch.Infrastructure.Tests.VectorIndex.Sync;

[TestFixture]
internal sealed class IdGapsTests
{
    private readonly FakeTimeProvider time = new();

    [Test]
    public void See_IdsWithHoles_RemembersTheHolesUntilTheyAreFilled()
    {
        var gaps = new SequenceGapTracker(time);
        gaps.StartAt(10);
        gaps.See(11);
        gaps.See(14);

        Assert.That(gaps.Missing, Is.EqualTo(new long[] { 12, 13 }));
        Assert.That((gaps.Last, gaps.LowWatermark), Is.EqualTo((14L, 11L)));

        gaps.See(12);
        Assert.That((gaps.Missing.Single(), gaps.LowWatermark), Is.EqualTo((13L, 12L)));

        gaps.See(13);
        Assert.That((gaps.Missing.Count, gaps.LowWatermark), Is.EqualTo((0, 14L)));
    }

    [Test]
    public void See_AnIdTwice_ChangesNothing()
    {
        var gaps = new SequenceGapTracker(time);
        gaps.See(3);
        gaps.See(2);
        gaps.See(2);
        gaps.See(3);

        Assert.That((gaps.Missing.Single(), gaps.Last), Is.EqualTo((1L, 3L)));
    }

    [Test]
    public void GiveUp_AfterThePatience_OnlyOldHoles()
    {
        var gaps = new SequenceGapTracker(time);
        gaps.See(2);
        time.Advance(SequenceGapTracker.Patience);
        gaps.See(4);
        time.Advance(TimeSpan.FromSeconds(1));

        gaps.GiveUpOldOnes();

        Assert.That(gaps.Missing, Is.EqualTo(new long[] { 3 }));
        Assert.That(gaps.LowWatermark, Is.EqualTo(2));
    }

    [Test]
    public void See_AHugeLeap_KeepsTheYoungestHoles()
    {
        var gaps = new SequenceGapTracker(time);
        gaps.See(2);
        gaps.See(1_000_000_000_000);

        Assert.That(gaps.Missing, Has.Count.EqualTo(SequenceGapTracker.MaxGaps));
        Assert.That(gaps.Missing.Max(), Is.EqualTo(999_999_999_999));
    }
}
