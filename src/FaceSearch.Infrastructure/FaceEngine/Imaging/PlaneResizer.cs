using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace FaceSearch.Infrastructure.FaceEngine.Imaging;

/// <summary>
/// Resizes a plane of floats bit for bit as dlib's resize_image does (image_transforms/interpolation.h). Allocates
/// nothing; the grid is shared by the planes and rows of one picture.
/// </summary>
internal static class PlaneResizer
{
    /// <param name="source">From the plane's first value on; may be a part of a larger plane.</param>
    /// <param name="sourceStride">Values from row to row.</param>
    public static void Resize(
        ReadOnlySpan<float> source, int sourceStride, int sourceColumns, int sourceRows,
        Span<float> target, int targetStride, int targetRows, BilinearGrid grid)
    {
        var scale = BilinearGrid.Scale(sourceRows, targetRows);
        var y = -scale;
        for (var row = 0; row < targetRows; row++)
        {
            y += scale;
            var top = (int)Math.Floor(y);
            var bottom = Math.Min(top + 1, sourceRows - 1);
            ResizeRow(
                source.Slice(top * sourceStride, sourceColumns),
                source.Slice(bottom * sourceStride, sourceColumns),
                y - top,
                target.Slice(row * targetStride, grid.Left.Length),
                grid);
        }
    }

    private static void ResizeRow(
        ReadOnlySpan<float> top, ReadOnlySpan<float> bottom, double below, Span<float> target, BilinearGrid grid)
    {
        var column = Avx2.IsSupported ? ResizeByEight(top, bottom, below, target, grid) : 0;
        var (lower, upper) = ((float)below, (float)(1 - below));
        for (; column < grid.LaneColumns; column++)
        {
            var right = grid.SingleFraction[column];
            var left = 1 - right;
            var from = grid.Left[column];
            target[column] = ((((upper * left) * top[from]) + ((upper * right) * top[from + 1]))
                + ((lower * left) * bottom[from])) + ((lower * right) * bottom[from + 1]);
        }

        for (; column < target.Length; column++)
        {
            var right = grid.SingleFraction[column];
            var from = grid.Left[column];
            var next = Math.Min(from + 1, top.Length - 1);
            target[column] = (float)(((1 - below) * (((1 - right) * top[from]) + (right * top[next])))
                + (below * (((1 - right) * bottom[from]) + (right * bottom[next]))));
        }
    }

    /// <summary>The same sums eight columns at a time, with the processor's gather.</summary>
    private static unsafe int ResizeByEight(
        ReadOnlySpan<float> top, ReadOnlySpan<float> bottom, double below, Span<float> target, BilinearGrid grid)
    {
        var (lower, upper) = (Vector256.Create((float)below), Vector256.Create((float)(1 - below)));
        ref var lefts = ref MemoryMarshal.GetArrayDataReference(grid.Left);
        ref var fractions = ref MemoryMarshal.GetArrayDataReference(grid.SingleFraction);
        var column = 0;
        fixed (float* above = top, under = bottom)
        {
            for (; column + Vector256<float>.Count <= grid.LaneColumns; column += Vector256<float>.Count)
            {
                var from = Vector256.LoadUnsafe(ref Unsafe.Add(ref lefts, column));
                var right = Vector256.LoadUnsafe(ref Unsafe.Add(ref fractions, column));
                var left = Vector256<float>.One - right;
                var sum = ((upper * left) * Avx2.GatherVector256(above, from, sizeof(float)))
                    + ((upper * right) * Avx2.GatherVector256(above + 1, from, sizeof(float)));
                sum += (lower * left) * Avx2.GatherVector256(under, from, sizeof(float));
                sum += (lower * right) * Avx2.GatherVector256(under + 1, from, sizeof(float));
                sum.StoreUnsafe(ref MemoryMarshal.GetReference(target), (nuint)column);
            }
        }

        return column;
    }
}
