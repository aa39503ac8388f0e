using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using FaceSearch.Application.Abstractions;
using FaceSearch.Domain.Faces;

namespace FaceSearch.Infrastructure.VectorIndex;

/// <summary>
/// One search: its threads take segment after segment, each with heaps of its own, merged at the end. Passes are
/// pooled, so that a search allocates nothing but its answer.
/// </summary>
#pragma warning disable CA1001 // The event never makes a handle, and pooled passes live as long as the process.
internal sealed class SearchPass : IThreadPoolWorkItem
#pragma warning restore CA1001
{
    /// <summary>A thread more for each so many rows times probes: below, waking it costs more than it scans.</summary>
    private const long RowsPerThread = 2 * Segment.MaxCapacity;

    private static readonly ConcurrentBag<SearchPass> Pool = [];

    private readonly ManualResetEventSlim finished = new();
    private readonly List<SegmentScanner> scanners = [];
    private SegmentView[] segments = [];
    private double[] limits = [];
    private int probeCount;
    private int nextSegment;
    private int unfinished;
    private int nextScanner;
    private int holders;
    private ExceptionDispatchInfo? failure;

    public static IReadOnlyList<FaceMatch>[] Run(
        SegmentView[] segments, IReadOnlyList<Embedding> probes, int k, float tolerance, FaceFilter? filter, int threads)
    {
        var pass = Pool.TryTake(out var pooled) ? pooled : new SearchPass();
        try
        {
            var helpers = pass.Start(segments, probes, k, tolerance, filter, threads);
            for (var i = 0; i < helpers; i++)
                ThreadPool.UnsafeQueueUserWorkItem(pass, preferLocal: false);

            pass.ScanSegments();
            if (segments.Length > 0)
                pass.finished.Wait();

            pass.failure?.Throw();
            return pass.Merge();
        }
        finally
        {
            pass.Leave();
        }
    }

    public void Execute()
    {
        ScanSegments();
        Leave();
    }

    private int Start(
        SegmentView[] views, IReadOnlyList<Embedding> probes, int k, float tolerance, FaceFilter? filter, int threads)
    {
        (segments, probeCount, failure) = (views, probes.Count, null);
        (nextSegment, nextScanner, unfinished) = (0, 0, views.Length);
        finished.Reset();
        if (limits.Length < probeCount)
            limits = new double[probeCount];

        var squaredTolerance = (double)tolerance * tolerance;
        Array.Fill(limits, squaredTolerance, 0, probeCount);

        var rows = 0L;
        foreach (var view in views)
            rows += view.Count;

        var helpers = (int)Math.Min(Math.Min(threads, views.Length) - 1, rows * probeCount / RowsPerThread);
        helpers = Math.Max(helpers, 0);
        holders = helpers + 1;
        while (scanners.Count < holders)
            scanners.Add(new SegmentScanner());

        for (var i = 0; i < holders; i++)
            scanners[i].Start(views, probes, k, squaredTolerance, filter);

        return helpers;
    }

    private void ScanSegments()
    {
        var scanner = scanners[Interlocked.Increment(ref nextScanner) - 1];
        var taken = 0;
        for (int next; (next = Interlocked.Increment(ref nextSegment) - 1) < segments.Length; taken++)
            Try(scanner, static (scanner, segment, limits) => scanner.Scan(segment, limits), next);

        // A segment is finished when its rows are measured, not when they are on a shortlist.
        Try(scanner, static (scanner, _, limits) => scanner.Finish(limits), 0);
        if (taken > 0 && Interlocked.Add(ref unfinished, -taken) == 0)
            finished.Set();
    }

    private void Try(SegmentScanner scanner, Action<SegmentScanner, int, double[]> work, int segment)
    {
        try
        {
            if (failure is null)
                work(scanner, segment, limits);
        }
#pragma warning disable CA1031 // Whatever a filter throws on a helper's thread is thrown again on the caller's.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            failure = ExceptionDispatchInfo.Capture(exception);
        }
    }

    private IReadOnlyList<FaceMatch>[] Merge()
    {
        var matches = new IReadOnlyList<FaceMatch>[probeCount];
        for (var probe = 0; probe < probeCount; probe++)
        {
            var merged = scanners[0].Nearest(probe);
            for (var i = 1; i < Math.Min(scanners.Count, nextScanner); i++)
                merged.Merge(scanners[i].Nearest(probe));

            matches[probe] = merged.ToMatches();
        }

        return matches;
    }

    /// <summary>The last to leave returns the pass: a helper may come when all the work is done.</summary>
    private void Leave()
    {
        if (Interlocked.Decrement(ref holders) != 0)
            return;

        segments = [];
        Pool.Add(this);
    }
}
