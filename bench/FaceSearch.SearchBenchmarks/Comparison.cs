using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Text.Json.Nodes;
using FaceSearch.Domain.Faces;
using FaceSearch.Infrastructure.VectorIndex;

namespace FaceSearch.SearchBenchmarks;

/// <summary>FAISS and FaceSearch on the same vectors, by turns; the fastest repeat counts.</summary>
internal static class Comparison
{
    public const int Top = 10;

    private const int Singles = 20;
    private const int Batch = 64;
    private const int Rounds = 5;
    private const int HnswRows = 200_000;
    private const int EfConstruction = 100;
    private const int HnswBuildSeconds = 400;

    public static void Run(int rows)
    {
        var folder = Directory.CreateTempSubdirectory("facesearch-bench-");
        try
        {
            Console.WriteLine($"{rows:N0} x {VectorSource.Dimensions}, k={Top}, {Environment.ProcessorCount} processors, "
                + $"{RuntimeInformation.FrameworkDescription}, load {Load()}");
            var script = Path.Combine(Checkout.Root, "bench", "faiss_side.py");
            using (var faiss = new Faiss(script))
                Measure(faiss, folder.FullName, new UniformVectors(), rows, float.PositiveInfinity);

            using (var faiss = new Faiss(script))
            {
                var sides = Measure(faiss, folder.FullName, FaceLikeVectors.Best, rows, 0.6f);
                Hnsw(faiss, Path.Combine(folder.FullName, "gallery"), Math.Min(rows, HnswRows));
                Console.WriteLine();
                Console.WriteLine(sides.Summary(rows));
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static Sides Measure(Faiss faiss, string folder, VectorSource source, int rows, float tolerance)
    {
        var (gallery, probesPath) = (Path.Combine(folder, "gallery"), Path.Combine(folder, "probes"));
        source.Write(gallery, rows, isProbe: false);
        source.Write(probesPath, Batch, isProbe: true);
        faiss.Ask("load", ("gallery", gallery), ("probes", probesPath));

        var before = GC.GetTotalMemory(forceFullCollection: true);
        var index = new FlatIndex();
        Galleries.Fill(index, source, 0, rows);
        var bytesPerFace = (double)(GC.GetTotalMemory(forceFullCollection: true) - before) / rows;

        var sides = new Sides(bytesPerFace, float.IsFinite(tolerance));
        var probes = Galleries.Probes(source, Batch);
        for (var round = 0; round < Rounds; round++)
            sides.Round(faiss, index, probes, tolerance);

        Console.WriteLine();
        Console.WriteLine(FormattableString.Invariant($"{source.Name}: ms a probe"));
        sides.Print();
        Bandwidth(sides.OursOne, rows);
        return sides;
    }

    private static void Bandwidth(double milliseconds, int rows)
    {
        var bytes = (long)CodeBlock.Count(rows) * CodeBlock.Bytes(CodeBlock.Padded(VectorSource.Dimensions));
        var (read, best) = (bytes / milliseconds / 1e6, MemoryBandwidth(bytes));
        Console.WriteLine(FormattableString.Invariant(
            $"a query reads {bytes / 1e6:F0} MB of codes: {read:F1} GB/s; plain reading of as much memory: {best:F1} GB/s, {read / best:P0}"));
    }

    /// <summary>GB/s of one thread that adds up as many bytes as a query reads.</summary>
    private static double MemoryBandwidth(long bytes)
    {
        var buffer = AlignedMemory.Allocate((int)Math.Min(bytes, 1 << 30) / 256 * 256);
        buffer.Span.Fill(1);
        var best = double.MaxValue;
        for (var repeat = 0; repeat < 100; repeat++)
        {
            var start = Stopwatch.GetTimestamp();
            var vectors = MemoryMarshal.Cast<byte, Vector512<long>>(buffer.Span);
            Vector512<long> a = default, b = default, c = default, d = default;
            for (var i = 0; i + 3 < vectors.Length; i += 4)
                (a, b, c, d) = (a + vectors[i], b + vectors[i + 1], c + vectors[i + 2], d + vectors[i + 3]);

            GC.KeepAlive(Vector512.Sum(a + b + c + d));
            best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalSeconds);
        }

        return buffer.Length / best / 1e9;
    }

    private static void Hnsw(Faiss faiss, string gallery, int asked)
    {
        var built = faiss.Ask(
            "hnsw_build", ("gallery", gallery), ("rows", asked), ("ef_construction", EfConstruction),
            ("seconds", HnswBuildSeconds), ("threads", Environment.ProcessorCount));
        var rows = (int)built["rows"]!;
        var index = new FlatIndex();
        var source = FaceLikeVectors.Best;
        Galleries.Fill(index, source, 0, rows);
        var probes = Galleries.Probes(source, Batch);
        Console.WriteLine();
        Console.WriteLine(FormattableString.Invariant(
            $"{rows:N0} face-like rows, one thread, ms a probe (FAISS HNSW, M=32, efConstruction={EfConstruction}, was built in {(double)built["seconds"]!:F0} s on all threads)"));
        foreach (var ef in new[] { 16, 32, 64, 128, 256, 512, 1024 })
        {
            var (hnsw, ours) = (new Fastest(), new Fastest());
            var recall = 0.0;
            for (var round = 0; round < Rounds; round++)
            {
                var answer = faiss.Ask("hnsw", ("ef", ef));
                hnsw.Add(Numbers(answer["ms"]!));
                recall = (double)answer["recall"]!;
                ours.Add(Galleries.OneByOne(index, probes, float.PositiveInfinity, threads: 1).Milliseconds);
            }

            Console.WriteLine(FormattableString.Invariant(
                $"  efSearch={ef,-5} HNSW {hnsw.Mean,7:F3} at recall@10 {recall:F3}; ours {ours.Mean,6:F3}, exact"));
        }
    }

    private static double[] Numbers(JsonNode values) => [.. values.AsArray().Select(value => (double)value!)];

    private static string Load() => File.Exists("/proc/loadavg") ? File.ReadAllText("/proc/loadavg")[..14] : "unknown";

    private sealed class Sides(double bytesPerFace, bool hasTolerance)
    {
        private readonly Fastest[] best = [.. Enumerable.Range(0, 8).Select(_ => new Fastest())];
        private readonly Fastest tolerated = new();
        private bool same = true;

        public double OursOne => best[4].Mean;

        public void Round(Faiss faiss, FlatIndex index, Embedding[] probes, float tolerance)
        {
            var singles = probes[..Singles];
            var all = Environment.ProcessorCount;
            var alone = Ours(4, Galleries.OneByOne(index, singles, float.PositiveInfinity, 1));
            Ours(5, Galleries.OneByOne(index, singles, float.PositiveInfinity, all));
            var together = Ours(6, Galleries.Together(index, probes, float.PositiveInfinity, 1));
            Ours(7, Galleries.Together(index, probes, float.PositiveInfinity, all));
            if (hasTolerance)
                tolerated.Add(Galleries.OneByOne(index, singles, tolerance, 1).Milliseconds);

            // Runs last, because its threads spin for some time after their work.
            same &= Same(Theirs(0, faiss, Singles, 1, oneByOne: true), alone);
            Theirs(1, faiss, Singles, all, oneByOne: true);
            same &= Same(Theirs(2, faiss, Batch, 1, oneByOne: false), together);
            Theirs(3, faiss, Batch, all, oneByOne: false);
        }

        public void Print()
        {
            string[] cases = ["one probe, one thread", "one probe, all threads", "batch of 64, one thread", "batch of 64, all threads"];
            for (var i = 0; i < cases.Length; i++)
            {
                Console.WriteLine(FormattableString.Invariant(
                    $"  {cases[i],-25} FAISS Flat {best[i].Mean,8:F3}  ours {best[i + 4].Mean,7:F3}  {Ratio(i, i + 4),6:F1}x"));
            }

            if (hasTolerance)
                Console.WriteLine(FormattableString.Invariant($"  one probe, one thread, tolerance 0.6: ours {tolerated.Mean:F3}"));

            Console.WriteLine(FormattableString.Invariant($"  same answers: {same}; bytes a face: {bytesPerFace:F0}"));
        }

        public string Summary(int rows) => string.Create(CultureInfo.InvariantCulture, $"search rows={rows} "
            + $"faiss_flat_ms={best[0].Mean:F2} ours_ms={best[4].Mean:F3} ratio={Ratio(0, 4):F1}x "
            + $"batch64_ratio={Ratio(2, 6):F1}x two_threads={Ratio(4, 5):F2}x "
            + $"same={(same ? "true" : "false")} bytes_per_face={bytesPerFace:F0}");

        private long[][] Theirs(int slot, Faiss faiss, int count, int threads, bool oneByOne)
        {
            var answer = faiss.Ask("flat", ("count", count), ("threads", threads), ("one_by_one", oneByOne));
            best[slot].Add(Numbers(answer["ms"]!));
            return [.. answer["ids"]!.AsArray().Select(ids => ids!.AsArray().Select(id => (long)id!).ToArray())];
        }

        private long[][] Ours(int slot, (double[] Milliseconds, long[][] Ids) run)
        {
            best[slot].Add(run.Milliseconds);
            return run.Ids;
        }

        private double Ratio(int theirs, int ours) => best[theirs].Mean / best[ours].Mean;

        private static bool Same(long[][] expected, long[][] found) =>
            expected.Zip(found).All(pair => pair.First.SequenceEqual(pair.Second));
    }
}
