using FaceSearch.Domain.Quality;

namespace FaceSearch.Domain.Tests.Quality;

internal sealed class FaceQualityGateTests
{
    private static readonly FaceQualityGate Gate = FaceQualityGate.Default;
    private const int Large = 120;
    private static readonly FaceQuality Good = new(Sharpness: 300, Brightness: 128, Yaw: 0, Pitch: 0, Roll: 0);
    private static readonly FaceQuality Worst = new(Sharpness: 0, Brightness: 0, Yaw: 90, Pitch: 60, Roll: 180);

    private static IEnumerable<TestCaseData> Faults()
    {
        yield return Fault(31, 0.9f, Good, RefusalReason.SmallBoundingBox);
        yield return Fault(Large, 0.9f, Good with { Sharpness = 34.9f }, RefusalReason.LowSharpness);
        yield return Fault(Large, 0.9f, Good with { Brightness = 29.9f }, RefusalReason.LowBrightness);
        yield return Fault(Large, 0.9f, Good with { Brightness = 225.1f }, RefusalReason.HighBrightness);
        yield return Fault(Large, 0.9f, Good with { Yaw = 50.1f }, RefusalReason.ExtremePose);
        yield return Fault(Large, 0.9f, Good with { Yaw = -50.1f }, RefusalReason.ExtremePose);
        yield return Fault(Large, 0.9f, Good with { Pitch = 30.1f }, RefusalReason.ExtremePose);
        yield return Fault(Large, 0.9f, Good with { Pitch = -30.1f }, RefusalReason.ExtremePose);
        yield return Fault(Large, 0.74f, Good, RefusalReason.LowConfidence);
    }

    [TestCaseSource(nameof(Faults))]
    public void Judge_OneFault_IsTheOneReason(int size, float score, FaceQuality quality, RefusalReason reason) =>
        Assert.That(Gate.Judge(QualityLevel.Low, size, score, quality), Is.EqualTo(new[] { reason }));

    [Test]
    public void Judge_AtTheThresholds_Passes() => Assert.That(
        Gate.Judge(
            QualityLevel.Low, 32, 0.75f, new FaceQuality(35, 30, -50, 30, 180)),
        Is.Empty);

    [TestCase(QualityLevel.None)]
    [TestCase(QualityLevel.Low)]
    [TestCase(QualityLevel.Medium)]
    [TestCase(QualityLevel.High)]
    public void Judge_GoodFace_PassesEveryLevel(QualityLevel level) =>
        Assert.That(Gate.Judge(level, Large, 0.9f, Good), Is.Empty);

    [Test]
    public void Judge_LevelNone_TakesAnything() =>
        Assert.That(Gate.Judge(QualityLevel.None, 1, 0, Worst), Is.Empty);

    [Test]
    public void Judge_WorstFace_EveryReasonInOrder() => Assert.That(
        Gate.Judge(QualityLevel.High, 1, 0, Worst),
        Is.EqualTo(new[]
        {
            RefusalReason.SmallBoundingBox, RefusalReason.LowSharpness, RefusalReason.LowBrightness,
            RefusalReason.ExtremePose, RefusalReason.LowConfidence,
        }));

    // A higher level refuses every face that a lower one refuses, over a grid of all measured values.
    [Test]
    public void Judge_HigherLevel_RefusesAtLeastAsMuch()
    {
        var faces =
            from size in new[] { 10, 32, 63, 64, 96 }
            from sharpness in new[] { 0f, 35, 75, 149, 150 }
            from brightness in new[] { 0f, 30, 60, 128, 190, 200, 211, 255 }
            from yaw in new[] { -90f, -40, -20, 0, 21, 50 }
            from pitch in new[] { -30f, 0, 19, 26 }
            from score in new[] { 0.5f, 0.8f, 0.85f, 1.1f }
            select (size, score, quality: new FaceQuality(sharpness, brightness, yaw, pitch, 0));

        foreach (var (size, score, quality) in faces)
        {
            for (var level = QualityLevel.Low; level < QualityLevel.High; level++)
                Assert.That(
                    Gate.Judge(level, size, score, quality),
                    Is.SubsetOf(Gate.Judge(level + 1, size, score, quality)));
        }
    }

    private static TestCaseData Fault(int size, float score, FaceQuality quality, RefusalReason reason) =>
        new(size, score, quality, reason);
}
