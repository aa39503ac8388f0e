using System.Diagnostics;
using FaceSearch.Infrastructure.VectorIndex;

namespace FaceSearch.SearchBenchmarks;

/// <summary>Many callers at once on the thread pool, like requests, one probe each. Waiting searches share a pass.</summary>
internal static class Callers
{
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(5);

    public static void Run(int rows)
    {
        var source = FaceLikeVectors.Best;
        var index = new FlatIndex();
        Galleries.Fill(index, source, 0, rows);
        Console.WriteLine($"{rows:N0} face-like rows, {index.Threads} threads, tolerance 0.6");
        foreach (var callers in new[] { 1, 2, 8, 32, 64 })
        {
            var times = Search(index, source, callers);
            times.Sort();
            Console.WriteLine(FormattableString.Invariant(
                $"{callers,3} callers: {times.Count / Duration.TotalSeconds,8:N0} searches per second, p50 {times[times.Count / 2]:F2} ms, p99 {times[times.Count * 99 / 100]:F2} ms"));
        }
    }

    private static List<double> Search(FlatIndex index, VectorSource source, int callers)
    {
        var begin = Stopwatch.GetTimestamp();
        var probes = Galleries.Probes(source, callers);
        var searching = probes.Select(probe => Task.Run(async () =>
        {
            var times = new List<double>();
            while (Stopwatch.GetElapsedTime(begin) < Duration)
            {
                await Task.Yield();
                var start = Stopwatch.GetTimestamp();
                await index.SearchAsync([probe], Comparison.Top, 0.6f);
                times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            }

            return times;
        }));
        return [.. Task.WhenAll(searching).Result.SelectMany(times => times)];
    }
}
