using FaceSearch.Domain.Faces;
using FaceSearch.Infrastructure.FaceEngine.Imaging;

namespace FaceSearch.Infrastructure.FaceEngine.Detection;

/// <summary>
/// Another detector's faces in boxes as mmod would have drawn them: squares from the brows to the chin, in which
/// dlib's landmarks know their way about. The landmarks of the other detector are dropped. Thread-safe.
/// </summary>
internal sealed class DlibBoxes(IFaceDetector detector) : IFaceDetector
{
    public IReadOnlyList<FaceDetection> Detect(RgbImage image) =>
        [.. detector.Detect(image).Select(face => face with { Box = Map(face.Box), Landmarks = null })];

    private static BoundingBox Map(in BoundingBox box) => box;
}
