using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace FaceSearch.Infrastructure.VectorIndex.Codes;

/// <summary>What a probe's scan found in a block.</summary>
/// <param name="Rows">Bit i is set when the bound of row i of the block reaches the threshold.</param>
/// <param name="Bounds">The bounds of all the block's rows.</param>
internal readonly record struct BlockHits(uint Rows, Vector512<float> Bounds);

/// <summary>Runs over blocks of codes and stops where a row may be near enough.</summary>
internal delegate int BlockScan(ReadOnlySpan<byte> blocks, int first, ProbeCode probe, float threshold, out BlockHits hits);

/// <summary>Runs over blocks of codes with two probes and stops where a row may be near enough to either.</summary>
internal delegate int BlockPairScan(
    ReadOnlySpan<byte> blocks, int first, ProbeCode probeA, float thresholdA, ProbeCode probeB, float thresholdB,
    out BlockHits hitsA, out BlockHits hitsB);

internal static class BlockScans
{
    /// <summary>The fastest implementations on this processor.</summary>
    public static (BlockScan One, BlockPairScan Two) Fastest { get; } =
        Avx512Products.IsSupported ? (Next<Avx512Products>, Next<Avx512Products>)
        : VnniProducts.IsSupported ? (Next<VnniProducts>, Next<VnniProducts>)
        : Avx2Products.IsSupported ? (Next<Avx2Products>, Next<Avx2Products>)
        : Vector128Products.IsSupported ? (Next<Vector128Products>, Next<Vector128Products>)
        : (Next<ScalarProducts>, Next<ScalarProducts>);

    /// <summary>The first block from <paramref name="first"/> on with a row whose bound reaches the threshold.</summary>
    /// <param name="blocks">Whole blocks.</param>
    /// <returns>The block's number; the number of blocks when no block has such a row.</returns>
    /// <remarks>A NaN bound reaches every threshold, so no row is lost.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int Next<TProducts>(
        ReadOnlySpan<byte> blocks, int first, ProbeCode probe, float threshold, out BlockHits hits)
        where TProducts : struct, IBlockProducts
    {
        var layout = new Layout(blocks, probe);
        ref var codes = ref Codes(probe);
        var factors = new ProbeFactors(probe, threshold);
        for (var number = first; number < layout.Count; number++)
        {
            ref var block = ref layout.Block(number);
            hits = factors.Judge(TProducts.Products(ref block, ref codes, layout.Groups), ref layout.Factors(ref block));
            if (hits.Rows != 0)
                return number;
        }

        hits = default;
        return layout.Count;
    }

    /// <summary>The same for two probes: the first block with a row whose bound reaches the threshold of either.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int Next<TProducts>(
        ReadOnlySpan<byte> blocks, int first, ProbeCode probeA, float thresholdA, ProbeCode probeB, float thresholdB,
        out BlockHits hitsA, out BlockHits hitsB)
        where TProducts : struct, IBlockProducts
    {
        var layout = new Layout(blocks, probeA);
        ref var codesA = ref Codes(probeA);
        ref var codesB = ref Codes(probeB);
        var (factorsA, factorsB) = (new ProbeFactors(probeA, thresholdA), new ProbeFactors(probeB, thresholdB));
        for (var number = first; number < layout.Count; number++)
        {
            ref var block = ref layout.Block(number);
            var (productsA, productsB) = TProducts.Products(ref block, ref codesA, ref codesB, layout.Groups);
            hitsA = factorsA.Judge(productsA, ref layout.Factors(ref block));
            hitsB = factorsB.Judge(productsB, ref layout.Factors(ref block));
            if ((hitsA.Rows | hitsB.Rows) != 0)
                return number;
        }

        (hitsA, hitsB) = (default, default);
        return layout.Count;
    }

    private static ref int Codes(ProbeCode probe) =>
        ref Unsafe.As<sbyte, int>(ref MemoryMarshal.GetReference(probe.Codes));

    /// <summary>Where a block and its factors begin.</summary>
    private readonly ref struct Layout
    {
        private readonly ref byte start;
        private readonly int codeBytes;

        public Layout(ReadOnlySpan<byte> blocks, ProbeCode probe)
        {
            Groups = probe.Codes.Length / CodeBlock.GroupDimensions;
            codeBytes = Groups * CodeBlock.GroupBytes;
            start = ref MemoryMarshal.GetReference(blocks);
            Count = blocks.Length / (codeBytes + CodeBlock.FactorBytes);
        }

        public int Groups { get; }

        public int Count { get; }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public ref byte Block(int number) => ref Unsafe.Add(ref start, (nint)number * (codeBytes + CodeBlock.FactorBytes));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public ref float Factors(ref byte block) => ref Unsafe.As<byte, float>(ref Unsafe.Add(ref block, codeBytes));
    }

    /// <summary>What turns a probe's integer products into bounds.</summary>
    private readonly struct ProbeFactors(ProbeCode probe, float threshold)
    {
        private readonly float scale = probe.Scale;
        private readonly float offset = probe.Offset;
        private readonly float norm = probe.Norm;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public BlockHits Judge(Vector512<int> products, ref float factors)
        {
            var halfSquares = Vector512.LoadUnsafe(ref factors);
            var errors = Vector512.LoadUnsafe(ref factors, CodeBlock.Rows);
            var scales = (errors.AsUInt32() << 16).AsSingle();
            var bounds = scales * scale * (Vector512.ConvertToSingle(products) - Vector512.Create(offset))
                + (errors * norm - halfSquares);
            var below = Vector512.LessThan(bounds, Vector512.Create(threshold)).ExtractMostSignificantBits();
            return new BlockHits(~(uint)below & 0xFFFF, bounds);
        }
    }
}
