namespace FaceSearch.Domain.Quality;

/// <summary>
/// Why a face of a picture was not accepted: its quality, in the terms of Amazon Rekognition's quality filter, or the
/// selection.
/// </summary>
public enum RefusalReason
{
    /// <summary>Too few pixels.</summary>
    SmallBoundingBox,

    /// <summary>Out of focus, moved, or enlarged from few pixels.</summary>
    LowSharpness,

    LowBrightness,

    HighBrightness,

    /// <summary>Turned too far to a side, up or down. A tilted head is accepted: it is turned upright first.</summary>
    ExtremePose,

    /// <summary>The detector's confidence is low.</summary>
    LowConfidence,

    /// <summary>Only the main face was asked for.</summary>
    ExceedsMaxFaces,

    /// <summary>Another face overlaps the target box more.</summary>
    OutsideTargetBox,

    /// <summary>A face that is almost the same is enrolled already, and near duplicates are refused.</summary>
    NearDuplicate,
}
