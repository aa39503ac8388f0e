using FaceSearch.Domain.Faces;

namespace FaceSearch.Infrastructure.FaceEngine.Landmarks;

/// <summary>Where the five points of a face lie in a chip as ArcFace and its kin are trained on.</summary>
internal static class ArcFaceTemplate
{
    /// <summary>Pixels of the chip's side.</summary>
    public const int ChipSize = 112;

    /// <summary>
    /// Eyes, nose tip and corners of the mouth in the chip, in pixels, those on the picture's left first: the
    /// template of Deng et al., "ArcFace", CVPR 2019 (that of SphereFace, 2017, moved 8 pixels to the right).
    /// </summary>
    public static IReadOnlyList<Landmark> Points { get; } =
    [
        new(38.2946f, 51.6963f), new(73.5318f, 51.5014f), new(56.0252f, 71.7366f),
        new(41.5493f, 92.3655f), new(70.7299f, 92.2041f),
    ];
}
