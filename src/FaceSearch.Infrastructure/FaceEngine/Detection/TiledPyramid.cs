using System.Runtime.InteropServices;
using FaceSearch.Infrastructure.FaceEngine.DlibModels;
using FaceSearch.Infrastructure.FaceEngine.Imaging;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace FaceSearch.Infrastructure.FaceEngine.Detection;

/// <summary>
/// The tiled pyramid of a picture as the planes (red, green, blue) a network takes in. The memory is not the garbage
/// collector's: it may be hundreds of megabytes and is gone once disposed. Not thread-safe.
/// </summary>
internal sealed unsafe class TiledPyramid : IDisposable
{
    private const int Channels = 3;

    private readonly int stride;
    private readonly int plane;
    private float* values;

    public TiledPyramid(RgbImage image, PyramidLayout layout, NetworkInput input)
    {
        stride = layout.Width;
        plane = checked(layout.Width * layout.Height);
        values = (float*)NativeMemory.AllocZeroed((nuint)plane * Channels, sizeof(float));
        Paint(image, layout.Tiles, input);
    }

    /// <summary>Values of one channel, row by row.</summary>
    public Span<float> Plane(int channel)
    {
        ObjectDisposedException.ThrowIf(values is null, this);
        return new(values + ((long)channel * plane), plane);
    }

    /// <summary>All of it, without a copy.</summary>
    public OrtValue AsTensor() => OrtValue.CreateTensorValueWithData(
        OrtMemoryInfo.DefaultInstance,
        TensorElementType.Float,
        [1, Channels, plane / stride, stride],
        (nint)values,
        (long)plane * Channels * sizeof(float));

    /// <summary>Whole rows of it, copied.</summary>
    public OrtValue CopyRows(int top, int rows)
    {
        var copy = OrtValue.CreateAllocatedTensorValue(
            OrtAllocator.DefaultInstance, TensorElementType.Float, [1, Channels, rows, stride]);
        var target = copy.GetTensorMutableDataAsSpan<float>();
        for (var channel = 0; channel < Channels; channel++)
            Plane(channel).Slice(top * stride, rows * stride).CopyTo(target[(channel * rows * stride)..]);

        return copy;
    }

    public void Dispose()
    {
        NativeMemory.Free(values);
        values = null;
    }

    private void Paint(RgbImage image, IReadOnlyList<Tile> tiles, NetworkInput input)
    {
        ReadOnlySpan<float> means = [input.Red, input.Green, input.Blue];
        var fullSize = tiles[0].Columns == image.Width && tiles[0].Rows == image.Height;
        for (var channel = 0; channel < Channels; channel++)
        {
            var target = Plane(channel);
            if (fullSize)
                PaintPicture(image, channel, means[channel], At(target, tiles[0]), stride);
            else
                PaintReduced(image, channel, means[channel], At(target, tiles[0]), tiles[0]);
        }

        for (var level = 1; level < tiles.Count; level++)
        {
            var (from, to) = (tiles[level - 1], tiles[level]);
            var grid = new BilinearGrid(from.Columns, to.Columns);
            for (var channel = 0; channel < Channels; channel++)
            {
                var target = Plane(channel);
                PlaneResizer.Resize(
                    At(target, from), stride, from.Columns, from.Rows, At(target, to), stride, to.Rows, grid);
            }
        }
    }

    private void PaintReduced(RgbImage image, int channel, float mean, Span<float> target, Tile tile)
    {
        var size = image.Width * image.Height;
        var full = (float*)NativeMemory.Alloc((nuint)size, sizeof(float));
        try
        {
            var source = new Span<float>(full, size);
            PaintPicture(image, channel, mean, source, image.Width);
            var grid = new BilinearGrid(image.Width, tile.Columns);
            PlaneResizer.Resize(source, image.Width, image.Width, image.Height, target, stride, tile.Rows, grid);
        }
        finally
        {
            NativeMemory.Free(full);
        }
    }

    private static void PaintPicture(RgbImage image, int channel, float mean, Span<float> target, int stride)
    {
        Span<float> prepared = stackalloc float[256];
        NetworkInput.Prepare(mean, prepared);
        for (var row = 0; row < image.Height; row++)
        {
            var source = image.Pixels.Slice(row * image.Width * Channels, image.Width * Channels);
            var line = target.Slice(row * stride, image.Width);
            for (int x = 0, from = channel; x < line.Length; x++, from += Channels)
                line[x] = prepared[source[from]];
        }
    }

    private Span<float> At(Span<float> target, in Tile tile) => target[((tile.Top * stride) + tile.Left)..];
}
