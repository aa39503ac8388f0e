using FaceSearch.Application.Abstractions;
using FaceSearch.Domain.Quality;
using FaceSearch.Infrastructure.FaceEngine.Detection;
using FaceSearch.Infrastructure.FaceEngine.Imaging;
using FaceSearch.Infrastructure.FaceEngine.Landmarks;
using FaceSearch.Infrastructure.FaceEngine.Quality;

namespace FaceSearch.Infrastructure.FaceEngine.Alignment;

/// <summary>Landmarks by dlib's shape predictor (5 or 68 points), then the chip they give. Thread-safe.</summary>
internal sealed class DlibFaceAligner(ShapePredictor predictor) : IFaceAligner
{
    /// <summary>The same part of the face as ArcFace's chip shows there: the eyes are 52.5 pixels apart in this one.</summary>
    private static readonly ChipRegion Face = new(26.7, 29.8, 95.5);

    public AlignedFace Align(RgbImage image, in FaceDetection face)
    {
        var landmarks = predictor.Predict(image, face.Box);
        var chip = FaceChipExtractor.Extract(image, landmarks);
        return new AlignedFace(landmarks, new FaceChip(FaceChipExtractor.Size, chip));
    }

    public FaceQuality Measure(in AlignedFace face) =>
        FaceQualityMeter.Measure(face.Chip, Face, HeadPose.OfDlibPoints(face.Landmarks));
}
