using System.Diagnostics;
using FaceSearch.Application.Abstractions;
using FaceSearch.Domain.Faces;
using FaceSearch.Infrastructure.VectorIndex;

namespace FaceSearch.SearchBenchmarks;

/// <summary>The latency of searches with 1,000 adds and 1,000 removes per second, and with an unchanged index.</summary>
internal static class Changes
{
    private const int PerSecond = 1000;
    private const int PerTick = 5;
    private const int Slices = 15;
    private static readonly TimeSpan Slice = TimeSpan.FromSeconds(1);

    public static void Run(int rows)
    {
        var source = FaceLikeVectors.Best;
        var index = new FlatIndex { Threads = 1 };
        Galleries.Fill(index, source, 0, rows);
        var probes = Galleries.Probes(source, 64);
        Search(index, probes, Slice);
        var (quiet, busy, changes) = (new List<double>(), new List<double>(), 0);
        for (var slice = 0; slice < Slices; slice++)
        {
            quiet.AddRange(Search(index, probes, Slice));
            using var stop = new CancellationTokenSource();
            var changing = Task.Factory.StartNew(
                () => Change(index, source, rows + changes, stop.Token), TaskCreationOptions.LongRunning);
            busy.AddRange(Search(index, probes, Slice));
            stop.Cancel();
            changes += changing.Result;
        }

        Console.WriteLine(FormattableString.Invariant(
            $"{rows:N0} rows, one searching thread, {Slices} slices of {Slice.TotalSeconds} s each way by turns"));
        Console.WriteLine(FormattableString.Invariant(
            $"quiet p50 {At(quiet, 0.5):F2} p99 {At(quiet, 0.99):F2} ms; with {changes / (Slices * Slice.TotalSeconds):F0} adds and as many removes per second p50 {At(busy, 0.5):F2} p99 {At(busy, 0.99):F2} ms; p99 {At(busy, 0.99) / At(quiet, 0.99):F2}x"));
    }

    private static double At(List<double> times, double share)
    {
        times.Sort();
        return times[(int)((times.Count - 1) * share)];
    }

    private static List<double> Search(FlatIndex index, Embedding[] probes, TimeSpan duration)
    {
        var times = new List<double>();
        var begin = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(begin) < duration)
        {
            var start = Stopwatch.GetTimestamp();
            index.SearchAsync([probes[times.Count % probes.Length]], Comparison.Top, 0.6f).AsTask().Wait();
            times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }

        return times;
    }

    private static int Change(FlatIndex index, VectorSource source, int firstNew, CancellationToken stop)
    {
        var (changes, begin) = (0, Stopwatch.GetTimestamp());
        while (!stop.IsCancellationRequested)
        {
            for (var i = 0; i < PerTick; i++, changes++)
            {
                index.Add([new GalleryFace(firstNew + changes + 1L, source.Create(firstNew + changes, isProbe: false))]);
                index.Remove([firstNew + changes + 1L - PerSecond]);
            }

            var due = TimeSpan.FromSeconds((double)changes / PerSecond);
            var early = due - Stopwatch.GetElapsedTime(begin);
            if (early > TimeSpan.Zero)
                stop.WaitHandle.WaitOne(early);
        }

        return changes;
    }
}
