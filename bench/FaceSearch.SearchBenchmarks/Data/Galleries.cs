using System.Diagnostics;
using FaceSearch.Application.Abstractions;
using FaceSearch.Domain.Faces;
using FaceSearch.Infrastructure.VectorIndex;

namespace FaceSearch.SearchBenchmarks;

internal static class Galleries
{
    private const int BatchSize = 1 << 15;

    /// <summary>Adds the source's vectors from <paramref name="first"/> on, ids one above their numbers.</summary>
    public static void Fill(FlatIndex index, VectorSource source, int first, int count)
    {
        for (var start = first; start < first + count; start += BatchSize)
        {
            var batch = new GalleryFace[Math.Min(BatchSize, first + count - start)];
            Parallel.For(0, batch.Length, i =>
                batch[i] = new GalleryFace(start + i + 1, source.Create(start + i, isProbe: false)));
            index.Add(batch);
        }
    }

    public static Embedding[] Probes(VectorSource source, int count) =>
        [.. Enumerable.Range(0, count).Select(number => source.Create(number, isProbe: true))];

    /// <summary>Milliseconds of each probe, searched alone, and the ids found.</summary>
    public static (double[] Milliseconds, long[][] Ids) OneByOne(
        FlatIndex index, Embedding[] probes, float tolerance, int threads)
    {
        index.Threads = threads;
        var answers = new IReadOnlyList<FaceMatch>[probes.Length];
        var milliseconds = new double[probes.Length];
        for (var i = 0; i < probes.Length; i++)
        {
            var start = Stopwatch.GetTimestamp();
            answers[i] = index.SearchAsync([probes[i]], Comparison.Top, tolerance).AsTask().Result[0];
            milliseconds[i] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        }

        return (milliseconds, Ids(answers));
    }

    /// <summary>Milliseconds per probe, all searched in one pass.</summary>
    public static (double[] Milliseconds, long[][] Ids) Together(
        FlatIndex index, Embedding[] probes, float tolerance, int threads)
    {
        index.Threads = threads;
        var start = Stopwatch.GetTimestamp();
        var answers = index.SearchAsync(probes, Comparison.Top, tolerance).AsTask().Result;
        return ([Stopwatch.GetElapsedTime(start).TotalMilliseconds / probes.Length], Ids(answers));
    }

    private static long[][] Ids(IEnumerable<IReadOnlyList<FaceMatch>> answers) =>
        [.. answers.Select(answer => answer.Select(match => match.FaceId).ToArray())];
}

/// <summary>The fastest repeat of each probe, because another process may interrupt a repeat.</summary>
internal sealed class Fastest
{
    private double[] milliseconds = [];

    public double Mean => milliseconds.Average();

    public void Add(double[] repeat) =>
        milliseconds = milliseconds.Length == 0 ? repeat : [.. milliseconds.Zip(repeat, Math.Min)];
}
