namespace FaceSearch.Domain.Faces;

/// <summary>Decides which faces are good enough: one table of thresholds for every level.</summary>
/// <remarks>
/// Calibrated on photographs (docs/engine.md): of 372 faces of Labeled Faces in the Wild 99% pass <c>low</c>. The
/// figures hold for every profile: sharpness and brightness are measured at one scale, and both detectors score a sure
/// face at 0.9 or above.
/// </remarks>
public static class FaceQualityGate
{
    private static readonly Thresholds Low = new(
        Size: 32, Sharpness: 35, Darkest: 30, Brightest: 225, Yaw: 50, Pitch: 30, Score: 0.75f);

    private static readonly Thresholds Medium = new(
        Size: 64, Sharpness: 75, Darkest: 50, Brightest: 210, Yaw: 35, Pitch: 25, Score: 0.82f);

    private static readonly Thresholds High = new(
        Size: 96, Sharpness: 150, Darkest: 70, Brightest: 190, Yaw: 20, Pitch: 20, Score: 0.88f);

    /// <summary>What counts as a face's size: pixels of its box's longer side.</summary>
    public static int SizeOf(BoundingBox box) => Math.Max(box.Width, box.Height);

    /// <summary>Why the face is not good enough for the level; empty when it is. In the order of the reasons.</summary>
    /// <param name="score">The detector's confidence.</param>
    public static IReadOnlyList<RefusalReason> Judge(
        QualityLevel level, BoundingBox box, float score, FaceQuality quality)
    {
        ArgumentNullException.ThrowIfNull(quality);
        return level switch
        {
            QualityLevel.None => [],
            QualityLevel.Low => [.. Judge(Low, box, score, quality)],
            QualityLevel.Medium => [.. Judge(Medium, box, score, quality)],
            QualityLevel.High => [.. Judge(High, box, score, quality)],
            _ => throw new ArgumentOutOfRangeException(nameof(level), level, null),
        };
    }

    private static IEnumerable<RefusalReason> Judge(
        Thresholds thresholds, BoundingBox box, float score, FaceQuality quality)
    {
        if (SizeOf(box) < thresholds.Size)
            yield return RefusalReason.SmallBoundingBox;
        if (quality.Sharpness < thresholds.Sharpness)
            yield return RefusalReason.LowSharpness;
        if (quality.Brightness < thresholds.Darkest)
            yield return RefusalReason.LowBrightness;
        if (quality.Brightness > thresholds.Brightest)
            yield return RefusalReason.HighBrightness;
        if (Math.Abs(quality.Yaw) > thresholds.Yaw || Math.Abs(quality.Pitch) > thresholds.Pitch)
            yield return RefusalReason.ExtremePose;
        if (score < thresholds.Score)
            yield return RefusalReason.LowConfidence;
    }

    /// <param name="Size">Pixels, at least.</param>
    /// <param name="Sharpness">At least.</param>
    /// <param name="Darkest">Mean luminance, 0 to 255, at least.</param>
    /// <param name="Brightest">Mean luminance, 0 to 255, at most.</param>
    /// <param name="Yaw">Degrees to either side, at most.</param>
    /// <param name="Pitch">Degrees up or down, at most.</param>
    /// <param name="Score">At least.</param>
    private sealed record Thresholds(
        int Size, float Sharpness, float Darkest, float Brightest, float Yaw, float Pitch, float Score);
}
