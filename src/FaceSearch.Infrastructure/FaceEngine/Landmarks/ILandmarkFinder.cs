using FaceSearch.Domain.Faces;
using FaceSearch.Infrastructure.FaceEngine.Detection;
using FaceSearch.Infrastructure.FaceEngine.Imaging;

namespace FaceSearch.Infrastructure.FaceEngine.Landmarks;

/// <summary>
/// Finds the five points of a detected face: right eye, left eye, nose tip, right and left corner of the mouth. Thread-safe.
/// </summary>
internal interface ILandmarkFinder
{
    FaceLandmarks Find(RgbImage image, in FaceDetection face);
}
