using FaceSearch.Domain.Faces;
using FaceSearch.Infrastructure.FaceEngine.Detection;
using FaceSearch.Infrastructure.FaceEngine.Imaging;
using Microsoft.ML.OnnxRuntime;

namespace FaceSearch.Infrastructure.FaceEngine.Landmarks;

/// <summary>
/// Five points from a network that finds the usual 68 in a grey view of 64x64 pixels, into which the face's box is
/// squeezed. It runs twice. In the second run the face is upright and at one size, so that a tilted head is as accurate
/// as an upright one. Thread-safe.
/// </summary>
internal sealed class SixtyEightPointFinder(InferenceSession session) : ILandmarkFinder, IDisposable
{
    private const int Size = 64;

    /// <summary>The second view's part of ArcFace's chip, in its pixels: a little below the median box of UltraFace.</summary>
    private const double ViewLeft = 12, ViewTop = 12, ViewWidth = 88, ViewHeight = 112;

    private static readonly string[] Inputs = ["input"];
    private static readonly string[] Outputs = ["output"];
    private static readonly long[] InputShape = [1, 1, Size, Size];

    /// <summary>Of the 68: right eye, left eye, nose tip, right and left corner of the mouth. Each is a mean.</summary>
    private static readonly int[][] Five = [[37, 38, 40, 41], [43, 44, 46, 47], [30], [48, 60], [54, 64]];

    public FaceLandmarks Find(RgbImage image, in FaceDetection face)
    {
        var first = Look(image, ViewOf(face.Box));
        return SimilarityTransform.Estimate(ArcFaceTemplate.Points, first.Points) is { } chipToPicture
            ? Look(image, ViewOf(chipToPicture))
            : first;
    }

    public void Dispose() => session.Dispose();

    private static View ViewOf(in BoundingBox box) =>
        View.Of(new SimilarityTransform(1, 0, -0.5, -0.5), box.X, box.Y, box.Width, box.Height);

    private static View ViewOf(in SimilarityTransform chipToPicture) =>
        View.Of(chipToPicture, ViewLeft, ViewTop, ViewWidth, ViewHeight);

    private FaceLandmarks Look(RgbImage image, in View view)
    {
        var pixels = new byte[3 * Size * Size];
        ChipSampler.Sample(image, view.ToPicture, pixels, Size, view.Stretch);
        var input = new float[Size * Size];
        for (int i = 0, from = 0; i < input.Length; i++, from += 3)
            input[i] = ((0.299f * pixels[from]) + (0.587f * pixels[from + 1]) + (0.114f * pixels[from + 2])) / 256;

        using var tensor = OrtValue.CreateTensorValueFromMemory(input, InputShape);
        using var run = new RunOptions();
        using var outputs = session.Run(run, Inputs, [tensor], Outputs);
        var shares = outputs[0].GetTensorDataAsSpan<float>();
        var points = new Landmark[Five.Length];
        for (var i = 0; i < points.Length; i++)
            points[i] = view.At(Mean(shares, Five[i], 0), Mean(shares, Five[i], 1));

        return new FaceLandmarks(points);
    }

    /// <summary>Points come as x, y in shares of the view's width and height.</summary>
    private static double Mean(ReadOnlySpan<float> shares, int[] points, int coordinate)
    {
        var sum = 0.0;
        foreach (var point in points)
            sum += shares[(2 * point) + coordinate];

        return sum / points.Length;
    }

    /// <summary>From the view's pixels to the picture's; y is stretched first.</summary>
    private readonly record struct View(SimilarityTransform ToPicture, double Stretch)
    {
        /// <summary>A rectangle of the plane from which <paramref name="toPicture"/> leads to the picture.</summary>
        public static View Of(in SimilarityTransform toPicture, double left, double top, double width, double height)
        {
            var scale = width / Size;
            var stretch = height / width;
            var (x, y) = toPicture.Apply(left + (scale / 2), top + (scale * stretch / 2));
            return new View(new SimilarityTransform(toPicture.A * scale, toPicture.B * scale, x, y), stretch);
        }

        public Landmark At(double shareX, double shareY)
        {
            var (x, y) = ToPicture.Apply((shareX * Size) - 0.5, Stretch * ((shareY * Size) - 0.5));
            return new Landmark((float)x, (float)y);
        }
    }
}
