using System.Diagnostics;
using FaceSearch.Infrastructure.VectorIndex;

namespace FaceSearch.SearchBenchmarks;

/// <summary>Time and memory by the gallery's size, and the cost of a snapshot file.</summary>
internal static class Growth
{
    private const int Rounds = 5;
    private const int ProbeCount = 64;

    private static readonly int[] Sizes =
        [10_000, 30_000, 100_000, 300_000, 1_000_000, 3_000_000, 10_000_000];

    public static void Run(int rows)
    {
        // Runs before the face engine measures the photographs, because its memory pools shrink only later.
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var source = FaceLikeVectors.Best;
        var probes = Galleries.Probes(source, ProbeCount);
        var index = new FlatIndex();
        Console.WriteLine("|       rows | one thread, ms | all threads, ms | batch of 64, one thread, ms a probe |");
        foreach (var size in Sizes.Where(size => size <= rows))
        {
            Galleries.Fill(index, source, index.Count, size - index.Count);
            var one = Best(() => Galleries.OneByOne(index, probes, float.PositiveInfinity, 1).Milliseconds);
            var all = Best(() =>
                Galleries.OneByOne(index, probes, float.PositiveInfinity, Environment.ProcessorCount).Milliseconds);
            var batch = Best(() => Galleries.Together(index, probes, float.PositiveInfinity, 1).Milliseconds);
            Console.WriteLine(FormattableString.Invariant(
                $"| {size,10:N0} | {one,14:F3} | {all,15:F3} | {batch,35:F3} |"));
        }

        var bytes = (double)(GC.GetTotalMemory(forceFullCollection: true) - before) / index.Count;
        Console.WriteLine(FormattableString.Invariant($"{index.Count:N0} faces take {bytes:F0} bytes each"));
        Snapshot(index);
    }

    private static void Snapshot(FlatIndex index)
    {
        var path = Path.GetTempFileName();
        try
        {
            var start = Stopwatch.GetTimestamp();
            SnapshotFile.Write(path, index, default);
            var saved = Stopwatch.GetElapsedTime(start).TotalSeconds;
            start = Stopwatch.GetTimestamp();
            var opened = SnapshotFile.Open(path, out _)!;
            var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
            var gigabytes = new FileInfo(path).Length / 1e9;
            Console.WriteLine(FormattableString.Invariant(
                $"snapshot of {opened.Count:N0}: {gigabytes:F2} GB, saved in {saved:F2} s, opened and checked in {seconds:F2} s: {gigabytes / seconds:F1} GB/s, {opened.Count / seconds:N0} rows/s"));
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static double Best(Func<double[]> measure)
    {
        var best = new Fastest();
        for (var round = 0; round < Rounds; round++)
            best.Add(measure());

        return best.Mean;
    }
}
