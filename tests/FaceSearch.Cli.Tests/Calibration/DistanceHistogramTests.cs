using FaceSearch.Cli.Calibration;

namespace FaceSearch.Cli.Tests.Calibration;

internal sealed class DistanceHistogramTests
{
    [TestCase(0, 100, "")]
    [TestCase(1, 1_000_000, "▏")]
    [TestCase(50, 100, "██████████████")]
    [TestCase(100, 100, "████████████████████████████")]
    public void Bar_IsToScale_AndNeverEmptyForACount(long count, long most, string expected) =>
        Assert.That(DistanceHistogram.Bar(count, most), Is.EqualTo(expected));

    [TestCase(null, "-")]
    [TestCase(0.0, "0%")]
    [TestCase(0.0000001, "<0.0001%")]
    [TestCase(0.000958, "0.0958%")]
    [TestCase(0.4438, "44.4%")]
    [TestCase(1.0, "100.0%")]
    public void Share_ShowsSmallValues(double? share, string expected) =>
        Assert.That(CalibrateCommand.Share(share), Is.EqualTo(expected));

    [Test]
    public void Bar_HasEighths() => Assert.That(DistanceHistogram.Bar(3, 16 * 14), Is.EqualTo("▍"));

    [Test]
    public void Merge_LosesNoPair()
    {
        long[] bins = [1, 2, 3, 4, 5, 0, 0];

        Assert.That(DistanceHistogram.Merge(bins, last: 4, binsARow: 2), Is.EqualTo(new long[] { 3, 7, 5 }));
        Assert.That(DistanceHistogram.Merge(bins, last: 8, binsARow: 4), Is.EqualTo(new long[] { 10, 5, 0 }));
    }
}
