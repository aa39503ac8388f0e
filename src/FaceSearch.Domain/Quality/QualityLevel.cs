namespace FaceSearch.Domain.Quality;

/// <summary>How good a face must be to be accepted; each level is stricter than the one before.</summary>
public enum QualityLevel
{
    /// <summary>Every detected face.</summary>
    None,

    /// <summary>Recognisable: refuses what is tiny, blurred, nearly black or white, or in profile.</summary>
    Low,

    /// <summary>A good snapshot.</summary>
    Medium,

    /// <summary>A portrait, as for a pass.</summary>
    High,
}
