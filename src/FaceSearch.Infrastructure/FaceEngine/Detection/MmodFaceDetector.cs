using FaceSearch.Domain.Faces;
using FaceSearch.Infrastructure.FaceEngine.DlibModels;
using FaceSearch.Infrastructure.FaceEngine.Imaging;
using Microsoft.ML.OnnxRuntime;

namespace FaceSearch.Infrastructure.FaceEngine.Detection;

/// <summary>Settings that trade accuracy for speed. The defaults find what dlib finds.</summary>
internal sealed record MmodSettings
{
    /// <summary>
    /// How often the picture is doubled first, as face_recognition's number_of_times_to_upsample: 0 finds faces of
    /// about 70 pixels, 1 half of that at four times the cost.
    /// </summary>
    public int Upsample { get; init; }

    /// <summary>Leaves out the pyramid's full-size level: a third faster, faces under about 96 pixels are lost.</summary>
    public bool SkipFullSize { get; init; }

    /// <summary>A larger picture is halved first, and again until it is not; bounds memory and time.</summary>
    public int MaxPixels { get; init; } = 4096 * 3072;

    /// <summary>Pixels of the tiled pyramid that go through the network at once; bounds the session's memory.</summary>
    public int MaxBandPixels { get; init; } = 4_000_000;
}

/// <summary>
/// dlib's CNN face detector, mmod_human_face_detector.dat: D. E. King, "Max-Margin Object Detection", 2015. Boxes are
/// dlib's, to the pixel; scores are about 1 for a face and are not probabilities. Thread-safe.
/// </summary>
/// <param name="network">What <paramref name="session"/> was translated from.</param>
internal sealed class MmodFaceDetector(InferenceSession session, DlibNetwork network, MmodSettings settings)
    : IFaceDetector
{
    /// <summary>Of the doubled pictures, and of the channel that is reduced.</summary>
    private const int BytesPerPixel = 8;

    /// <summary>Of a band: the network's input and layers.</summary>
    private const int BandBytesPerPixel = 100;

    /// <summary>Of the embedding.</summary>
    private const long NetworkBytes = 30 << 20;

    private readonly ScoreGrid grid = ScoreGrid.Of(network);
    private readonly DetectionOptions options = network.Detection
        ?? throw new ArgumentException("The network is not a detector.", nameof(network));

    public long MemoryFor(int width, int height)
    {
        if (IsHalved(width, height))
            return MemoryFor(width / 2, height / 2) + ((long)width * height);

        var (columns, rows) = (width << settings.Upsample, height << settings.Upsample);
        var layout = new PyramidLayout(columns, rows, network.Input.Padding, network.Input.OuterPadding, settings.SkipFullSize);
        var pixels = (long)columns * rows;
        var pyramid = (long)layout.Width * layout.Height;
        return NetworkBytes + (pixels * BytesPerPixel) + (pyramid * TiledPyramid.BytesPerPixel) + (Math.Min(pyramid, settings.MaxBandPixels) * BandBytesPerPixel);
    }

    public IReadOnlyList<FaceDetection> Detect(RgbImage image)
    {
        if (IsHalved(image.Width, image.Height) && ImagePyramid.Halve(image) is { } half)
        {
            using (half)
                return [.. Detect(half).Select(face => face with { Box = Map(face.Box, ImagePyramid.Up) })];
        }

        return Detect(image, settings.Upsample);
    }

    private bool IsHalved(int width, int height) => (long)width * height > settings.MaxPixels;

    private List<FaceDetection> Detect(RgbImage image, int upsample)
    {
        if (upsample == 0)
            return DetectAsItIs(image);

        using var twice = ImagePyramid.Double(image);
        return [.. Detect(twice, upsample - 1).Select(face => face with { Box = Map(face.Box, ImagePyramid.Down) })];
    }

    private List<FaceDetection> DetectAsItIs(RgbImage image)
    {
        var input = network.Input;
        var layout = new PyramidLayout(
            image.Width, image.Height, input.Padding, input.OuterPadding, settings.SkipFullSize);
        if (layout.Tiles.Count == 0 || grid.Scores(layout.Height) == 0 || grid.Scores(layout.Width) == 0)
            return [];

        using var pyramid = new TiledPyramid(image, layout, input);
        var found = new List<ScoredBox>();
        foreach (var (first, last) in Bands(layout))
            Score(pyramid, layout, first, last, found);

        return Suppress(found);
    }

    /// <summary>Rows of scores, cut so that no band takes more pixels than allowed.</summary>
    private IEnumerable<(int First, int Last)> Bands(PyramidLayout layout)
    {
        var rows = grid.Scores(layout.Height);
        var inBand = grid.Scores(settings.MaxBandPixels / layout.Width);
        var step = inBand >= rows ? rows : Math.Max(1, inBand - (2 * grid.Margin));
        for (var first = 0; first < rows; first += step)
            yield return (first, Math.Min(first + step, rows) - 1);
    }

    /// <summary>Runs the rows of scores, and as many around them as a cut would falsify.</summary>
    private void Score(TiledPyramid pyramid, PyramidLayout layout, int first, int last, List<ScoredBox> found)
    {
        var from = Math.Max(0, first - grid.Margin);
        var to = Math.Min(grid.Scores(layout.Height) - 1, last + grid.Margin);
        var top = from * grid.Stride;
        var rows = Math.Min(layout.Height - top, grid.Pixels(to - from + 1) + grid.Stride - 1);

        using var tensor = rows == layout.Height ? pyramid.AsTensor() : pyramid.CopyRows(top, rows);
        using var run = new RunOptions();
        using var outputs = session.Run(run, session.InputNames, [tensor], session.OutputNames);
        var scores = outputs[0].GetTensorDataAsSpan<float>();
        var columns = grid.Scores(layout.Width);
        for (var row = first; row <= last; row++)
        {
            var line = scores.Slice((row - from) * columns, columns);
            for (var column = 0; column < columns; column++)
            {
                if (line[column] > 0)
                    found.Add(BoxAt(layout, row, column, line[column]));
            }
        }
    }

    private ScoredBox BoxAt(PyramidLayout layout, int row, int column, float score)
    {
        double x = (grid.Stride * column) + grid.Offset, y = (grid.Stride * row) + grid.Offset;
        double halfWidth = (options.WindowWidth - 1) / 2.0, halfHeight = (options.WindowHeight - 1) / 2.0;
        var (left, top, right, bottom) = layout.ToPicture(x - halfWidth, y - halfHeight, x + halfWidth, y + halfHeight);
        return new ScoredBox(new BoundingBox(left, top, right - left + 1, bottom - top + 1), score);
    }

    private List<FaceDetection> Suppress(List<ScoredBox> found)
    {
        found.Sort((a, b) => b.Score.CompareTo(a.Score));
        var kept = new List<FaceDetection>();
        foreach (var (box, score) in found)
        {
            if (!kept.Exists(better => Overlap(better.Box, box)))
                kept.Add(new FaceDetection(box, score, Landmarks: null));
        }

        return kept;
    }

    /// <summary>dlib's test_box_overlap: the intersection is compared with the hull of both, not with their union.</summary>
    private bool Overlap(in BoundingBox a, in BoundingBox b)
    {
        long width = Math.Min(a.X + a.Width, b.X + b.Width) - Math.Max(a.X, b.X);
        long height = Math.Min(a.Y + a.Height, b.Y + b.Height) - Math.Max(a.Y, b.Y);
        if (width <= 0 || height <= 0)
            return false;

        double inner = width * height;
        long hullWidth = Math.Max(a.X + a.Width, b.X + b.Width) - Math.Min(a.X, b.X);
        long hullHeight = Math.Max(a.Y + a.Height, b.Y + b.Height) - Math.Min(a.Y, b.Y);
        return inner / (hullWidth * hullHeight) > options.MaxIou
            || inner / a.Area > options.MaxCovered
            || inner / b.Area > options.MaxCovered;
    }

    private static BoundingBox Map(in BoundingBox box, Func<double, double, (double X, double Y)> map)
    {
        var (left, top) = map(box.X, box.Y);
        var (right, bottom) = map(box.X + box.Width - 1, box.Y + box.Height - 1);
        var (x, y) = ((int)Math.Floor(left + 0.5), (int)Math.Floor(top + 0.5));
        return new BoundingBox(x, y, (int)Math.Floor(right + 0.5) - x + 1, (int)Math.Floor(bottom + 0.5) - y + 1);
    }

    private readonly record struct ScoredBox(BoundingBox Box, float Score);
}
