using FaceSearch.Domain.Faces;
using FaceSearch.Infrastructure.FaceEngine.Imaging;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace FaceSearch.Infrastructure.FaceEngine.Detection;

/// <summary>A face as the network sees it, in pixels of the picture it was given.</summary>
internal readonly record struct YuNetFace(
    float X, float Y, float Width, float Height, float Score, IReadOnlyList<Landmark> Landmarks);

/// <summary>
/// One run of YuNet (Wu et al., "YuNet: A Tiny Millisecond-level Face Detector", Machine Intelligence Research 2023):
/// an anchor-free detector with cells of 8, 16 and 32 pixels. Thread-safe.
/// </summary>
internal sealed class YuNetNetwork(InferenceSession session) : IDisposable
{
    private static readonly int[] Strides = [8, 16, 32];
    private static readonly string[] Inputs = ["input"];

    private static readonly string[] Outputs =
        [.. Strides.SelectMany(stride => new[] { $"cls_{stride}", $"obj_{stride}", $"bbox_{stride}", $"kps_{stride}" })];

    /// <summary>
    /// Every find of the picture as it is, overlapping ones of the same face too; landmarks in the order right eye,
    /// left eye, nose tip, right and left corner of the mouth.
    /// </summary>
    /// <param name="minScore">0 to 1: the geometric mean of the network's two confidences.</param>
    public List<YuNetFace> Find(RgbImage image, float minScore)
    {
        var width = RoundUp(image.Width);
        var height = RoundUp(image.Height);
        using var tensor = OrtValue.CreateAllocatedTensorValue(
            OrtAllocator.DefaultInstance, TensorElementType.Float, [1, 3, height, width]);
        Fill(tensor.GetTensorMutableDataAsSpan<float>(), image, width, height);
        using var run = new RunOptions();
        using var outputs = session.Run(run, Inputs, [tensor], Outputs);
        var faces = new List<YuNetFace>();
        for (var i = 0; i < Strides.Length; i++)
            Read(outputs, i, width, minScore, faces);

        return faces;
    }

    public void Dispose() => session.Dispose();

    /// <summary>The network halves its input five times, so a side is a multiple of 32.</summary>
    private static int RoundUp(int side) => (side + 31) / 32 * 32;

    /// <summary>Planes in the order blue, green, red, 0 to 255; what lies beyond the picture is black.</summary>
    private static void Fill(Span<float> input, RgbImage image, int width, int height)
    {
        input.Clear();
        var plane = width * height;
        var pixels = image.Pixels;
        for (var y = 0; y < image.Height; y++)
        {
            var row = pixels.Slice(y * image.Width * 3, image.Width * 3);
            var blue = input.Slice(y * width, image.Width);
            var green = input.Slice(plane + (y * width), image.Width);
            var red = input.Slice((2 * plane) + (y * width), image.Width);
            for (int x = 0, source = 0; x < blue.Length; x++, source += 3)
            {
                red[x] = row[source];
                green[x] = row[source + 1];
                blue[x] = row[source + 2];
            }
        }
    }

    private static void Read(
        IDisposableReadOnlyCollection<OrtValue> outputs, int level, int width, float minScore, List<YuNetFace> faces)
    {
        var stride = Strides[level];
        var columns = width / stride;
        var faceness = outputs[level * 4].GetTensorDataAsSpan<float>();
        var objectness = outputs[(level * 4) + 1].GetTensorDataAsSpan<float>();
        var boxes = outputs[(level * 4) + 2].GetTensorDataAsSpan<float>();
        var points = outputs[(level * 4) + 3].GetTensorDataAsSpan<float>();
        for (var cell = 0; cell < faceness.Length; cell++)
        {
            var square = faceness[cell] * objectness[cell];
            if (!(square >= minScore * minScore))
                continue;

            var (row, column) = Math.DivRem(cell, columns);
            faces.Add(ToFace(boxes.Slice(cell * 4, 4), points.Slice(cell * 10, 10), column, row, stride, MathF.Sqrt(square)));
        }
    }

    /// <summary>Offsets are in cells from the cell's corner, sizes are logarithms of cells.</summary>
    private static YuNetFace ToFace(
        ReadOnlySpan<float> box, ReadOnlySpan<float> points, int column, int row, int stride, float score)
    {
        var width = MathF.Exp(box[2]) * stride;
        var height = MathF.Exp(box[3]) * stride;
        var landmarks = new Landmark[5];
        for (var i = 0; i < landmarks.Length; i++)
            landmarks[i] = new Landmark((points[2 * i] + column) * stride, (points[(2 * i) + 1] + row) * stride);

        var x = ((box[0] + column) * stride) - (width / 2);
        var y = ((box[1] + row) * stride) - (height / 2);
        return new YuNetFace(x, y, width, height, score, landmarks);
    }
}
