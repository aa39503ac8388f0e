using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace FaceSearch.Infrastructure.VectorIndex;

/// <summary>Runs over blocks of codes and stops where a row may be near enough.</summary>
internal delegate int BlockScan(
    ReadOnlySpan<byte> blocks, int first, ProbeCode probe, float threshold, out uint rows, out Vector512<float> bounds);

internal static class BlockScans
{
    /// <summary>The fastest way on this processor.</summary>
    public static BlockScan Fastest { get; } =
        Avx512Products.IsSupported ? Next<Avx512Products>
        : VnniProducts.IsSupported ? Next<VnniProducts>
        : Avx2Products.IsSupported ? Next<Avx2Products>
        : Vector128Products.IsSupported ? Next<Vector128Products>
        : Next<ScalarProducts>;

    /// <summary>The first block from <paramref name="first"/> on with a row whose bound reaches the threshold.</summary>
    /// <param name="blocks">Whole blocks.</param>
    /// <param name="rows">One bit for each row of that block that reaches it, the block's first row lowest.</param>
    /// <param name="bounds">The bounds of that block's rows.</param>
    /// <returns>The block's number, or the number of blocks.</returns>
    /// <remarks>A bound that is not a number reaches every threshold: where the arithmetic gives up, nothing is lost.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int Next<TProducts>(
        ReadOnlySpan<byte> blocks, int first, ProbeCode probe, float threshold, out uint rows, out Vector512<float> bounds)
        where TProducts : struct, IBlockProducts
    {
        var groups = probe.Codes.Length / CodeBlock.GroupDimensions;
        var codeBytes = groups * CodeBlock.GroupBytes;
        var blockBytes = codeBytes + CodeBlock.FactorBytes;
        var count = blocks.Length / blockBytes;
        ref var codes = ref Unsafe.As<sbyte, int>(ref MemoryMarshal.GetReference(probe.Codes));
        ref var start = ref MemoryMarshal.GetReference(blocks);
        var (scale, offset, norm) = (probe.Scale, probe.Offset, probe.Norm);
        for (var number = first; number < count; number++)
        {
            ref var block = ref Unsafe.Add(ref start, (nint)number * blockBytes);
            ref var factors = ref Unsafe.As<byte, float>(ref Unsafe.Add(ref block, codeBytes));
            var products = Vector512.ConvertToSingle(TProducts.Products(ref block, ref codes, groups));
            var halfSquares = Vector512.LoadUnsafe(ref factors);
            var errors = Vector512.LoadUnsafe(ref factors, CodeBlock.Rows);
            var scales = (errors.AsUInt32() << 16).AsSingle();
            var sums = scales * scale * (products - Vector512.Create(offset)) + (errors * norm - halfSquares);
            rows = ~(uint)Vector512.LessThan(sums, Vector512.Create(threshold)).ExtractMostSignificantBits() & 0xFFFF;
            if (rows != 0)
            {
                bounds = sums;
                return number;
            }
        }

        (rows, bounds) = (0, default);
        return count;
    }
}
