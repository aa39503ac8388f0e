using System.Numerics;
using FaceSearch.Domain.Faces;
using FaceSearch.Infrastructure.FaceEngine.Imaging;

namespace FaceSearch.Infrastructure.FaceEngine.Landmarks;

/// <summary>
/// Finds facial points by a cascade of regression trees: V. Kazemi and J. Sullivan, "One Millisecond Face Alignment
/// with an Ensemble of Regression Trees", CVPR 2014, as dlib's shape_predictor computes it, to the pixel. Thread-safe.
/// </summary>
/// <param name="initialShape">The mean face: points in a square from (0, 0) to (1, 1), the detector's box.</param>
internal sealed class ShapePredictor(Vector2[] initialShape, RegressionForest[] cascade)
{
    private readonly Complex[] meanShape = [.. initialShape.Select(ToComplex)];

    public int PointCount => initialShape.Length;

    /// <summary>Points in whole pixels, in the model's order; they may lie outside the picture.</summary>
    public FaceLandmarks Predict(RgbImage image, in BoundingBox box)
    {
        var shape = (Vector2[])initialShape.Clone();
        foreach (var forest in cascade)
        {
            Span<int> intensities = new int[forest.Probes.Length];
            Probe(image, box, forest, shape, intensities);
            forest.Refine(intensities, shape);
        }

        var points = new Landmark[shape.Length];
        for (var i = 0; i < points.Length; i++)
        {
            var (x, y) = ToPixel(box, shape[i]);
            points[i] = new Landmark(x, y);
        }

        return new FaceLandmarks(points);
    }

    /// <summary>Reads the probes' pixels, mapped from the mean face to the current shape.</summary>
    private void Probe(
        RgbImage image, in BoundingBox box, RegressionForest forest, Vector2[] shape, Span<int> intensities)
    {
        var turn = SimilarityTransform.Fit(meanShape, [.. shape.Select(ToComplex)]);
        var (a, b) = turn is { } known ? ((float)known.A, (float)known.B) : (1, 0);
        ReadOnlySpan<byte> pixels = image.Pixels;
        var (width, height) = (image.Width, image.Height);
        for (var i = 0; i < intensities.Length; i++)
        {
            var (anchor, delta) = forest.Probes[i];
            var place = new Vector2((a * delta.X) + (-b * delta.Y), (b * delta.X) + (a * delta.Y)) + shape[anchor];
            var (x, y) = ToPixel(box, place);
            intensities[i] = (uint)x < (uint)width && (uint)y < (uint)height
                ? Intensity(pixels.Slice(((y * width) + x) * 3, 3))
                : 0;
        }
    }

    private static Complex ToComplex(Vector2 point) => new(point.X, point.Y);

    private static (int X, int Y) ToPixel(in BoundingBox box, Vector2 place) =>
        (Round(((double)place.X * (box.Width - 1)) + box.X), Round(((double)place.Y * (box.Height - 1)) + box.Y));

    private static int Round(double position) => (int)Math.Floor(position + 0.5);

    private static int Intensity(ReadOnlySpan<byte> pixel) => (pixel[0] + pixel[1] + pixel[2]) / 3;
}

/// <summary>A pixel's position, relative to one of the shape's points.</summary>
internal readonly record struct Probe(int Anchor, Vector2 Delta);

/// <summary>Goes left when the first probe is brighter than the second by more than the threshold.</summary>
internal readonly record struct Split(int First, int Second, float Threshold);

/// <summary>One step of the cascade.</summary>
/// <param name="depth">Splits from a tree's root to its leaves.</param>
/// <param name="splits">Tree by tree, in breadth-first order: 2^depth - 1 each.</param>
/// <param name="leaves">Tree by tree: 2^depth shifts of all points each.</param>
internal sealed class RegressionForest(Probe[] probes, int depth, Split[] splits, Vector2[] leaves)
{
    public Probe[] Probes => probes;

    /// <summary>Adds each tree's leaf to the shape.</summary>
    public void Refine(ReadOnlySpan<int> intensities, Span<Vector2> shape)
    {
        var splitsPerTree = (1 << depth) - 1;
        var leavesPerTree = 1 << depth;
        var trees = splitsPerTree == 0 ? leaves.Length / shape.Length : splits.Length / splitsPerTree;
        for (var tree = 0; tree < trees; tree++)
        {
            var node = 0;
            while (node < splitsPerTree)
            {
                var (first, second, threshold) = splits[(tree * splitsPerTree) + node];
                node = (2 * node) + (intensities[first] - intensities[second] > threshold ? 1 : 2);
            }

            var leaf = leaves.AsSpan(((tree * leavesPerTree) + node - splitsPerTree) * shape.Length, shape.Length);
            for (var i = 0; i < leaf.Length; i++)
                shape[i] += leaf[i];
        }
    }
}
