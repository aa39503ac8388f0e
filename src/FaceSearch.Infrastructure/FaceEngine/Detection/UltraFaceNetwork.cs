using System.Buffers;
using FaceSearch.Infrastructure.FaceEngine.Imaging;
using Microsoft.ML.OnnxRuntime;

namespace FaceSearch.Infrastructure.FaceEngine.Detection;

/// <summary>A face in pixels of the picture the network was given.</summary>
internal readonly record struct UltraFace(float X, float Y, float Width, float Height, float Score);

/// <summary>
/// One run of UltraFace RFB-320 (Linzaer, "Ultra-Light-Fast-Generic-Face-Detector-1MB", MIT): an anchor-based detector
/// that sees 320x240 pixels and finds faces from about 12 pixels to the whole of it. Thread-safe.
/// </summary>
internal sealed class UltraFaceNetwork(InferenceSession session) : IDisposable
{
    public const int Width = 320;
    public const int Height = 240;

    private const int Plane = Width * Height;
    private static readonly string[] Inputs = ["input"];
    private static readonly string[] Outputs = ["scores", "boxes"];
    private static readonly long[] InputShape = [1, 3, Height, Width];

    /// <summary>Every find in a part of the picture, overlapping ones of the same face too.</summary>
    /// <param name="left">Left edge of the part, which has the network's size. What lies beyond the picture is grey.</param>
    /// <param name="minScore">0 to 1.</param>
    public List<UltraFace> Find(RgbImage image, int left, int top, float minScore)
    {
        var input = ArrayPool<float>.Shared.Rent(3 * Plane);
        try
        {
            Fill(input.AsSpan(0, 3 * Plane), image, left, top);
            using var tensor = OrtValue.CreateTensorValueFromMemory(
                OrtMemoryInfo.DefaultInstance, input.AsMemory(0, 3 * Plane), InputShape);
            using var run = new RunOptions();
            using var outputs = session.Run(run, Inputs, [tensor], Outputs);
            return Read(
                outputs[0].GetTensorDataAsSpan<float>(), outputs[1].GetTensorDataAsSpan<float>(), left, top, minScore);
        }
        finally
        {
            ArrayPool<float>.Shared.Return(input);
        }
    }

    public void Dispose() => session.Dispose();

    /// <summary>Planes in the order red, green, blue, (x - 127) / 128.</summary>
    private static void Fill(Span<float> input, RgbImage image, int left, int top)
    {
        input.Clear();
        var pixels = image.Pixels;
        var columns = Math.Min(Width, image.Width - left);
        var rows = Math.Min(Height, image.Height - top);
        for (var y = 0; y < rows; y++)
        {
            var row = pixels.Slice((((top + y) * image.Width) + left) * 3, columns * 3);
            for (var channel = 0; channel < 3; channel++)
            {
                var target = input.Slice((channel * Plane) + (y * Width), columns);
                for (int x = 0, source = channel; x < target.Length; x++, source += 3)
                    target[x] = (row[source] - 127f) / 128f;
            }
        }
    }

    /// <summary>A box comes as its left, top, right and bottom in shares of the network's width and height.</summary>
    private static List<UltraFace> Read(
        ReadOnlySpan<float> scores, ReadOnlySpan<float> boxes, int left, int top, float minScore)
    {
        var faces = new List<UltraFace>();
        for (var i = 0; i < scores.Length / 2; i++)
        {
            var score = scores[(2 * i) + 1];
            if (!(score >= minScore))
                continue;

            var box = boxes.Slice(4 * i, 4);
            float x = box[0] * Width, y = box[1] * Height;
            faces.Add(new UltraFace(left + x, top + y, (box[2] * Width) - x, (box[3] * Height) - y, score));
        }

        return faces;
    }
}
