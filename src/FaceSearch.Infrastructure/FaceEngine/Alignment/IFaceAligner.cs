using FaceSearch.Application.Abstractions;
using FaceSearch.Domain.Faces;
using FaceSearch.Infrastructure.FaceEngine.Detection;
using FaceSearch.Infrastructure.FaceEngine.Imaging;

namespace FaceSearch.Infrastructure.FaceEngine.Alignment;

/// <summary>Cuts a detected face out, turned and scaled as its embedder wants it. Thread-safe.</summary>
internal interface IFaceAligner
{
    AlignedFace Align(RgbImage image, in FaceDetection face);

    /// <summary>How well the face it has cut out can be recognised.</summary>
    FaceQuality Measure(in AlignedFace face);
}

internal readonly record struct AlignedFace(FaceLandmarks Landmarks, FaceChip Chip);
