using FaceSearch.Domain.Faces;
using FaceSearch.Infrastructure.FaceEngine.Detection;
using FaceSearch.Infrastructure.FaceEngine.Imaging;

namespace FaceSearch.Infrastructure.FaceEngine.Landmarks;

/// <summary>
/// A second detection of the face alone, upright and at one size. The landmarks' errors then do not depend on the
/// face's size and tilt, and the distance between embeddings of one face at different sizes is halved. Thread-safe.
/// </summary>
internal sealed class YuNetLandmarkRefiner(YuNetNetwork network) : ILandmarkFinder
{
    private const int Size = 128;

    /// <summary>A face as high as three quarters of the view: with less room around it the detector scores lower.</summary>
    private const float ScaleToView = 0.8f;

    private const float MinScore = 0.5f;

    private static readonly Landmark[] View =
        [.. ArcFaceTemplate.Points.Select(point => new Landmark(InView(point.X), InView(point.Y)))];

    /// <returns>The detector's landmarks when the second look finds no face in the middle.</returns>
    /// <exception cref="ArgumentException">The detector gave no five points.</exception>
    public FaceLandmarks Find(RgbImage image, in FaceDetection face)
    {
        if (face.Landmarks is not { Points.Count: 5 } landmarks)
            throw new ArgumentException("A second look needs the detector's five points.", nameof(face));

        if (SimilarityTransform.Estimate(landmarks.Points, View) is not { } toView)
            return landmarks;

        var toPicture = toView.Invert();
        using var view = new RgbImage(Size, Size);
        ChipSampler.Sample(image, toPicture, view.Pixels, Size);
        var finds = network.Find(view, MinScore).FindAll(IsInTheMiddle);
        return finds.Count == 0 ? landmarks : new FaceLandmarks([.. View.Select((_, i) => Mean(finds, i, toPicture))]);
    }

    private static float InView(float chip) =>
        (chip * ScaleToView) + ((Size - (ArcFaceTemplate.ChipSize * ScaleToView)) / 2);

    private static bool IsInTheMiddle(YuNetFace face) =>
        Math.Abs(face.X + (face.Width / 2) - (Size / 2)) + Math.Abs(face.Y + (face.Height / 2) - (Size / 2)) < Size / 4;

    private static Landmark Mean(List<YuNetFace> finds, int index, in SimilarityTransform toPicture)
    {
        double x = 0, y = 0, total = 0;
        foreach (var find in finds)
        {
            var weight = Math.Pow(find.Score, 4);
            total += weight;
            x += weight * find.Landmarks[index].X;
            y += weight * find.Landmarks[index].Y;
        }

        var (pictureX, pictureY) = toPicture.Apply(x / total, y / total);
        return new Landmark((float)pictureX, (float)pictureY);
    }
}
