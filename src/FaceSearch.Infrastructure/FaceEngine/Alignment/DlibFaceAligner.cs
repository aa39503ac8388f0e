using FaceSearch.Application.Abstractions;
using FaceSearch.Infrastructure.FaceEngine.Detection;
using FaceSearch.Infrastructure.FaceEngine.Imaging;
using FaceSearch.Infrastructure.FaceEngine.Landmarks;

namespace FaceSearch.Infrastructure.FaceEngine.Alignment;

/// <summary>Landmarks by dlib's shape predictor (5 or 68 points), then the chip they give. Thread-safe.</summary>
internal sealed class DlibFaceAligner(ShapePredictor predictor) : IFaceAligner
{
    public AlignedFace Align(RgbImage image, in FaceDetection face)
    {
        var landmarks = predictor.Predict(image, face.Box);
        var chip = FaceChipExtractor.Extract(image, landmarks);
        return new AlignedFace(landmarks, new FaceChip(FaceChipExtractor.Size, chip));
    }
}
