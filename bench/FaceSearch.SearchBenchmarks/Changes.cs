using System.Diagnostics;
using FaceSearch.Application.Abstractions;
using FaceSearch.Infrastructure.VectorIndex;

namespace FaceSearch.SearchBenchmarks;

/// <summary>The slowest searches while 1,000 faces a second come and as many go, beside those of a quiet index.</summary>
internal static class Changes
{
    private const int PerSecond = 1000;
    private const int PerTick = 5;
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(10);

    public static void Run(int rows)
    {
        var source = FaceLikeVectors.Best;
        var index = new FlatIndex();
        Galleries.Fill(index, source, 0, rows);
        Search(index, source, TimeSpan.FromSeconds(1));
        for (var repeat = 0; repeat < 3; repeat++)
        {
            var quiet = Search(index, source, Duration);
            using var stop = new CancellationTokenSource();
            var changing = Task.Factory.StartNew(
                () => Change(index, source, rows, stop.Token), TaskCreationOptions.LongRunning);
            var busy = Search(index, source, Duration);
            stop.Cancel();
            var changes = changing.Result;
            Console.WriteLine(FormattableString.Invariant(
                $"{rows:N0} rows, one searching thread: quiet p50 {quiet.Median:F2} p99 {quiet.P99:F2} ms; with {changes / Duration.TotalSeconds:F0} adds and as many removes a second p50 {busy.Median:F2} p99 {busy.P99:F2} ms: {busy.P99 / quiet.P99:F2}x"));
        }
    }

    private static (double Median, double P99) Search(FlatIndex index, VectorSource source, TimeSpan duration)
    {
        var probes = Galleries.Probes(source, 64);
        var times = new List<double>();
        var begin = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(begin) < duration)
        {
            var start = Stopwatch.GetTimestamp();
            index.Search([probes[times.Count % probes.Length]], Comparison.Top, 0.6f, threads: 1);
            times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }

        times.Sort();
        return (times[times.Count / 2], times[times.Count * 99 / 100]);
    }

    private static int Change(FlatIndex index, VectorSource source, int rows, CancellationToken stop)
    {
        var (changes, begin) = (0, Stopwatch.GetTimestamp());
        while (!stop.IsCancellationRequested)
        {
            for (var i = 0; i < PerTick; i++, changes++)
            {
                index.Add([new GalleryFace(2L * rows + changes, source.Create(rows + changes, isProbe: false))]);
                index.Remove([2L * rows + changes - PerSecond]);
            }

            var due = TimeSpan.FromSeconds((double)changes / PerSecond);
            var early = due - Stopwatch.GetElapsedTime(begin);
            if (early > TimeSpan.Zero)
                Thread.Sleep(early);
        }

        return changes;
    }
}
