using FaceSearch.Application.Abstractions;
using FaceSearch.Domain.Faces;
using FaceSearch.Infrastructure.FaceEngine.Detection;
using FaceSearch.Infrastructure.FaceEngine.Imaging;
using FaceSearch.Infrastructure.FaceEngine.Landmarks;
using FaceSearch.Infrastructure.FaceEngine.Quality;

namespace FaceSearch.Infrastructure.FaceEngine.Alignment;

/// <summary>
/// Cuts chips of 112x112 pixels as ArcFace-like networks are trained on. A similarity transform maps five points of the
/// face to fixed positions. Pixels outside the picture are black. Thread-safe.
/// </summary>
internal sealed class ArcFaceAligner(ILandmarkFinder finder) : IFaceAligner
{
    public const int ChipSize = 112;

    /// <summary>
    /// Eyes, nose tip and corners of the mouth in the chip, in pixels, those on the picture's left first: the
    /// template of Deng et al., "ArcFace", CVPR 2019 (that of SphereFace, 2017, moved 8 pixels to the right).
    /// </summary>
    public static IReadOnlyList<Landmark> Template { get; } =
    [
        new(38.2946f, 51.6963f), new(73.5318f, 51.5014f), new(56.0252f, 71.7366f),
        new(41.5493f, 92.3655f), new(70.7299f, 92.2041f),
    ];

    /// <summary>1.8 times the distance between the eyes, which lie at 0.18 of its height.</summary>
    private static readonly ChipRegion Face = new(24, 40, 64);

    public AlignedFace Align(RgbImage image, in FaceDetection face)
    {
        var landmarks = finder.Find(image, face);
        var chip = new byte[ChipSize * ChipSize * 3];
        if (SimilarityTransform.Estimate(landmarks.Points, Template) is { } toChip)
            ChipSampler.Sample(image, toChip.Invert(), chip, ChipSize);

        return new AlignedFace(landmarks, new FaceChip(ChipSize, chip));
    }

    public FaceQuality Measure(in AlignedFace face) =>
        FaceQualityMeter.Measure(face.Chip, Face, HeadPose.OfFacialPoints(face.Landmarks));
}
