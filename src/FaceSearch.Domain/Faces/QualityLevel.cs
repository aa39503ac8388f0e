namespace FaceSearch.Domain.Faces;

/// <summary>How good a face must be to be taken; each level asks for more than the one before.</summary>
public enum QualityLevel
{
    /// <summary>Everything the detector calls a face.</summary>
    None,

    /// <summary>Recognisable: refuses what is tiny, blurred, nearly black or white, or in profile.</summary>
    Low,

    /// <summary>A good snapshot.</summary>
    Medium,

    /// <summary>A portrait, as for a pass.</summary>
    High,
}
