using System.Buffers;
using System.Runtime.InteropServices;
using FaceSearch.Infrastructure.FaceEngine.DlibModels;
using FaceSearch.Infrastructure.FaceEngine.Imaging;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace FaceSearch.Infrastructure.FaceEngine.Detection;

/// <summary>
/// The tiled pyramid of a picture as the planes (red, green, blue) a network takes in. Buffers of a usual size are
/// rented, as fresh pages can cost as much as the network's run. Larger ones, up to hundreds of megabytes, are
/// unmanaged memory and freed on disposal. Not thread-safe.
/// </summary>
internal sealed unsafe class TiledPyramid : IDisposable
{
    public const int BytesPerPixel = Channels * sizeof(float);

    private const int Channels = 3;

    /// <summary>Floats: the pyramid of a picture of 1280x720, 48 MB.</summary>
    private const int MaxRented = 12_000_000;

    private readonly int stride;
    private readonly int plane;
    private float[]? rented;
    private float* values;

    public TiledPyramid(RgbImage image, PyramidLayout layout, NetworkInput input)
    {
        stride = layout.Width;
        plane = checked(layout.Width * layout.Height);
        if ((long)plane * Channels <= MaxRented)
        {
            rented = ArrayPool<float>.Shared.Rent(plane * Channels);
            rented.AsSpan(0, plane * Channels).Clear();
        }
        else
        {
            values = (float*)NativeMemory.AllocZeroed((nuint)plane * Channels, sizeof(float));
        }

        Paint(image, layout.Tiles, input);
    }

    /// <summary>Values of one channel, row by row.</summary>
    public Span<float> Plane(int channel)
    {
        ObjectDisposedException.ThrowIf(rented is null && values is null, this);
        return rented is null
            ? new(values + ((long)channel * plane), plane)
            : rented.AsSpan(channel * plane, plane);
    }

    /// <summary>All of it, without a copy.</summary>
    public OrtValue AsTensor()
    {
        long[] shape = [1, Channels, plane / stride, stride];
        var length = plane * Channels;
        return rented is null
            ? OrtValue.CreateTensorValueWithData(
                OrtMemoryInfo.DefaultInstance, TensorElementType.Float, shape, (nint)values, (long)length * sizeof(float))
            : OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, rented.AsMemory(0, length), shape);
    }

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
        if (Interlocked.Exchange(ref rented, null) is { } array)
            ArrayPool<float>.Shared.Return(array);

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
