namespace FaceSearch.Domain.Faces;

/// <summary>
/// Why a face of a picture was not taken: what is wrong with it, in the words of Amazon Rekognition's quality filter,
/// or that it was not the one asked for.
/// </summary>
public enum RefusalReason
{
    /// <summary>Too few pixels.</summary>
    SmallBoundingBox,

    /// <summary>Out of focus, moved, or enlarged from few pixels.</summary>
    LowSharpness,

    LowBrightness,

    HighBrightness,

    /// <summary>Turned too far to a side, up or down. A tilted head is no reason: it is turned upright first.</summary>
    ExtremePose,

    /// <summary>The detector is not sure that it is a face.</summary>
    LowConfidence,

    /// <summary>Only the largest face was asked for.</summary>
    ExceedsMaxFaces,

    /// <summary>Another face overlaps the target box more.</summary>
    OutsideTargetBox,

    /// <summary>A face that is almost the same is enrolled already, and such were to be refused.</summary>
    NearDuplicate,
}
