using System.Diagnostics;
using FaceSearch.Infrastructure.VectorIndex;

namespace FaceSearch.SearchBenchmarks;

/// <summary>The scan of codes alone, by each instruction set this processor has.</summary>
internal static class Kernels
{
    public static void Run()
    {
        Console.WriteLine("ns a block of 16 rows (1,152 bytes) and probe: from the second-level cache, one of two probes at once, from memory");
        Measure<VnniProducts>();
        Measure<Avx512Products>();
        Measure<Avx2Products>();
        Measure<Vector128Products>();
        Measure<ScalarProducts>();
    }

    private static void Measure<TProducts>()
        where TProducts : struct, IBlockProducts
    {
        if (!TProducts.IsSupported)
            return;

        var (cached, paired) = Best<TProducts>(blocks: 300, repeats: 2000);
        var (streamed, _) = Best<TProducts>(blocks: 200_000, repeats: 20);
        Console.WriteLine(FormattableString.Invariant(
            $"{typeof(TProducts).Name,-20} {cached,8:F1} {paired,8:F1} {streamed,8:F1} ({1152 / streamed:F1} GB/s)"));
    }

    private static (double Alone, double Paired) Best<TProducts>(int blocks, int repeats)
        where TProducts : struct, IBlockProducts
    {
        var codes = AlignedMemory.Allocate(blocks * CodeBlock.Bytes(VectorSource.Dimensions));
        var probe = new ProbeCode(VectorSource.Dimensions);
        var values = new UniformVectors().Create(1, isProbe: true).Values;
        probe.Encode(values, new float[VectorSource.Dimensions]);
        var (alone, paired) = (double.MaxValue, double.MaxValue);
        for (var repeat = 0; repeat < repeats; repeat++)
        {
            var start = Stopwatch.GetTimestamp();
            BlockScans.Next<TProducts>(codes.Span, 0, probe, float.PositiveInfinity, out _);
            alone = Math.Min(alone, Stopwatch.GetElapsedTime(start).TotalNanoseconds / blocks);
            start = Stopwatch.GetTimestamp();
            BlockScans.Next<TProducts>(
                codes.Span, 0, probe, float.PositiveInfinity, probe, float.PositiveInfinity, out _, out _);
            paired = Math.Min(paired, Stopwatch.GetElapsedTime(start).TotalNanoseconds / blocks / 2);
        }

        return (alone, paired);
    }
}
