using FaceSearch.Application.Abstractions;
using FaceSearch.Domain.Faces;
using FaceSearch.Domain.Quality;
using FaceSearch.Infrastructure.FaceEngine.Detection;
using FaceSearch.Infrastructure.FaceEngine.Imaging;

namespace FaceSearch.Infrastructure.FaceEngine.Alignment;

/// <summary>Cuts a detected face out, turned and scaled for its embedder. Thread-safe.</summary>
internal interface IFaceAligner
{
    AlignedFace Align(RgbImage image, in FaceDetection face);

    /// <summary>Measures the quality of the cut-out face.</summary>
    FaceQuality Measure(in AlignedFace face);
}

internal readonly record struct AlignedFace(FaceLandmarks Landmarks, FaceChip Chip);
