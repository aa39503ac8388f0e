using FaceSearch.Domain.Faces;
using FaceSearch.Infrastructure.FaceEngine.Imaging;

namespace FaceSearch.Infrastructure.FaceEngine.Detection;

/// <summary>Finds the faces of a picture of any size. Thread-safe.</summary>
internal interface IFaceDetector
{
    /// <summary>The most memory that finding and embedding the faces of a picture of this size takes, in bytes, without the picture.</summary>
    long MemoryFor(int width, int height);

    /// <summary>Every face, in no particular order; overlapping finds of one face are already one.</summary>
    IReadOnlyList<FaceDetection> Detect(RgbImage image);
}

/// <param name="Box">Pixels of the upright picture; may reach past its border.</param>
/// <param name="Score">The detector's confidence; its range is the detector's own.</param>
/// <param name="Landmarks">Null where the detector gives none and the aligner finds them.</param>
internal readonly record struct FaceDetection(BoundingBox Box, float Score, FaceLandmarks? Landmarks);
