namespace FaceSearch.Domain.Quality;

/// <summary>Decides which faces are good enough: the thresholds of one model for every level. Immutable.</summary>
/// <remarks>A level must not accept what the level below refuses.</remarks>
public sealed record FaceQualityGate(FaceThresholds Low, FaceThresholds Medium, FaceThresholds High)
{
    /// <summary>
    /// For models with YuNet or mmod as the detector, which score a sure face at 0.9 or above. Calibrated on
    /// photographs (docs/engine.md): of 372 faces of Labeled Faces in the Wild 99% pass <c>low</c>.
    /// </summary>
    public static FaceQualityGate Default { get; } = new(
        Low: new(Size: 32, Sharpness: 35, Darkest: 30, Brightest: 225, Yaw: 50, Pitch: 30, Score: 0.75f),
        Medium: new(Size: 64, Sharpness: 75, Darkest: 50, Brightest: 210, Yaw: 35, Pitch: 25, Score: 0.82f),
        High: new(Size: 96, Sharpness: 150, Darkest: 70, Brightest: 190, Yaw: 20, Pitch: 20, Score: 0.88f));

    /// <summary>Why the face is not good enough for the level; empty when it is. In the order of the reasons.</summary>
    /// <param name="size">Pixels of the box's longer side.</param>
    /// <param name="score">The detector's confidence.</param>
    public IReadOnlyList<RefusalReason> Judge(QualityLevel level, int size, float score, FaceQuality quality)
    {
        ArgumentNullException.ThrowIfNull(quality);
        return level switch
        {
            QualityLevel.None => [],
            QualityLevel.Low => [.. Low.Judge(size, score, quality)],
            QualityLevel.Medium => [.. Medium.Judge(size, score, quality)],
            QualityLevel.High => [.. High.Judge(size, score, quality)],
            _ => throw new ArgumentOutOfRangeException(nameof(level), level, null),
        };
    }
}
