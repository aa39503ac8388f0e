using FaceSearch.Application.Abstractions;
using FaceSearch.Domain.Quality;
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
    /// <summary>1.8 times the distance between the eyes, which lie at 0.18 of its height.</summary>
    private static readonly ChipRegion Face = new(24, 40, 64);

    public AlignedFace Align(RgbImage image, in FaceDetection face)
    {
        var landmarks = finder.Find(image, face);
        var chip = new byte[ArcFaceTemplate.ChipSize * ArcFaceTemplate.ChipSize * 3];
        if (SimilarityTransform.Estimate(landmarks.Points, ArcFaceTemplate.Points) is { } toChip)
            ChipSampler.Sample(image, toChip.Invert(), chip, ArcFaceTemplate.ChipSize);

        return new AlignedFace(landmarks, new FaceChip(ArcFaceTemplate.ChipSize, chip));
    }

    public FaceQuality Measure(in AlignedFace face) =>
        FaceQualityMeter.Measure(face.Chip, Face, HeadPose.OfFacialPoints(face.Landmarks));
}
