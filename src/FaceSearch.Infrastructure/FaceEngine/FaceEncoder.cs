using FaceSearch.Application.Abstractions;
using FaceSearch.Application.Results;
using FaceSearch.Domain.Faces;
using FaceSearch.Infrastructure.FaceEngine.Alignment;
using FaceSearch.Infrastructure.FaceEngine.Detection;
using FaceSearch.Infrastructure.FaceEngine.Embeddings;
using FaceSearch.Infrastructure.FaceEngine.Imaging;
using FaceSearch.Infrastructure.FaceEngine.Recognisability;

namespace FaceSearch.Infrastructure.FaceEngine;

/// <summary>The steps of one profile in order: decode, detect, align (with the landmarks), embed.</summary>
/// <param name="traits">Without the model's unrecognisable faces, which are read here.</param>
internal sealed class FaceEncoder(
    string model,
    FaceModelTraits traits,
    ImageDecoder decoder,
    IFaceDetector detector,
    IFaceAligner aligner,
    IFaceEmbedder embedder) : IFaceEncoder
{
    public string Model => model;

    public FaceModelTraits Traits { get; } = traits with { Unrecognisable = UnrecognisableData.Find(model) };

    public PictureCost Measure(ReadOnlyMemory<byte> picture) => decoder.Measure(picture) is { } size
        ? new PictureCost(size.Pixels, Math.Max(size.DecodingBytes, size.PictureBytes + detector.MemoryFor(size.Width, size.Height)), size.DecodingBytes)
        : default;

    public Result<DetectedPicture> Detect(ReadOnlyMemory<byte> picture, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        var decoded = decoder.Decode(picture);
        if (decoded.Error is { } error)
            return error;

        var (format, image, orientationApplied) = decoded.Value;
        using (image)
        {
            ct.ThrowIfCancellationRequested();
            return new DetectedPicture(format, image.Width, image.Height, orientationApplied, FindFaces(image, ct));
        }
    }

    public IReadOnlyList<Embedding> Embed(IReadOnlyList<FaceChip> chips) => embedder.Embed(chips);

    private List<DetectedFace> FindFaces(RgbImage image, CancellationToken ct)
    {
        var faces = new List<DetectedFace>();
        foreach (var detection in LargestFirst(detector.Detect(image)))
        {
            ct.ThrowIfCancellationRequested();
            var aligned = aligner.Align(image, detection);
            var box = detection.Box.ClipTo(image.Width, image.Height);
            faces.Add(new DetectedFace(box, detection.Score, aligned.Landmarks, aligned.Chip, aligner.Measure(aligned)));
        }

        return faces;
    }

    /// <summary>
    /// By the detectors' own boxes, as dlib orders them. Faces of equal area are ordered too, so that answers are
    /// deterministic.
    /// </summary>
    private static IEnumerable<FaceDetection> LargestFirst(IReadOnlyList<FaceDetection> detections) => detections
        .OrderByDescending(face => face.Box.Area)
        .ThenByDescending(face => face.Score)
        .ThenBy(face => (face.Box.X, face.Box.Y));
}
