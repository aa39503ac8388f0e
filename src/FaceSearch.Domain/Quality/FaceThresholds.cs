namespace FaceSearch.Domain.Quality;

/// <summary>The thresholds of one quality level.</summary>
/// <param name="Size">Pixels of the box's longer side, at least.</param>
/// <param name="Sharpness">At least.</param>
/// <param name="Darkest">Mean luminance, 0 to 255, at least.</param>
/// <param name="Brightest">Mean luminance, 0 to 255, at most.</param>
/// <param name="Yaw">Degrees to either side, at most.</param>
/// <param name="Pitch">Degrees up or down, at most.</param>
/// <param name="Score">The detector's confidence, at least.</param>
public sealed record FaceThresholds(
    int Size, float Sharpness, float Darkest, float Brightest, float Yaw, float Pitch, float Score)
{
    internal IEnumerable<RefusalReason> Judge(int size, float score, FaceQuality quality)
    {
        if (size < Size)
            yield return RefusalReason.SmallBoundingBox;
        if (quality.Sharpness < Sharpness)
            yield return RefusalReason.LowSharpness;
        if (quality.Brightness < Darkest)
            yield return RefusalReason.LowBrightness;
        if (quality.Brightness > Brightest)
            yield return RefusalReason.HighBrightness;
        if (Math.Abs(quality.Yaw) > Yaw || Math.Abs(quality.Pitch) > Pitch)
            yield return RefusalReason.ExtremePose;
        if (score < Score)
            yield return RefusalReason.LowConfidence;
    }
}
