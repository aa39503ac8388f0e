using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using FaceSearch.Application.Abstractions;
using FaceSearch.Infrastructure.VectorIndex.Segments;

namespace FaceSearch.Infrastructure.VectorIndex.Scan;

/// <summary>
/// One pass over memory for one or more searches. Its threads take segment after segment, each with its own heaps,
/// which are merged at the end. Passes are pooled, so that a search allocates its answer only.
/// </summary>
#pragma warning disable CA1001 // The event never makes a handle, and pooled passes live as long as the process.
internal sealed class SearchPass : IThreadPoolWorkItem
#pragma warning restore CA1001
{
    /// <summary>Rows times probes per additional thread: for fewer, waking the thread costs more than it saves.</summary>
    private const long RowsPerThread = 2 * Segment.MaxCapacity;

    private static readonly ConcurrentBag<SearchPass> Pool = [];

    private readonly ManualResetEventSlim finished = new();
    private readonly List<SegmentScanner> scanners = [];
    private readonly List<SearchRequest> requests = [];
    private SegmentView[] segments = [];
    private double[] limits = [];
    private int nextSegment;
    private int unfinished;
    private int nextScanner;
    private int holders;
    private ExceptionDispatchInfo? failure;

    /// <summary>Answers the requests, or fails each with the exception.</summary>
    /// <param name="length">Values of an embedding; 0 if there was never one.</param>
    public static void Run(SegmentView[] segments, int length, List<SearchRequest> requests, int threads)
    {
        var pass = Pool.TryTake(out var pooled) ? pooled : new SearchPass();
        foreach (var request in requests)
        {
            if (request.Fits(length))
                pass.requests.Add(request);
        }

        var helpers = pass.Start(segments, threads);
        for (var i = 0; i < helpers; i++)
            ThreadPool.UnsafeQueueUserWorkItem(pass, preferLocal: false);

        pass.ScanSegments();
        if (segments.Length > 0)
            pass.finished.Wait();

        pass.Answer();
        pass.Leave();
    }

    /// <summary>The best number of threads for the given rows and probes.</summary>
    public static int ThreadsFor(SegmentView[] segments, int probeCount, int threads)
    {
        var rows = 0L;
        foreach (var view in segments)
            rows += view.Count;

        return (int)Math.Max(1, Math.Min(Math.Min(threads, segments.Length), 1 + rows * probeCount / RowsPerThread));
    }

    public void Execute()
    {
        ScanSegments();
        Leave();
    }

    private int Start(SegmentView[] views, int threads)
    {
        (segments, failure) = (views, null);
        (nextSegment, nextScanner, unfinished) = (0, 0, views.Length);
        finished.Reset();
        holders = ThreadsFor(views, SetLimits(), threads);
        while (scanners.Count < holders)
            scanners.Add(new SegmentScanner());

        for (var i = 0; i < holders; i++)
            scanners[i].Start(views, requests);

        return holders - 1;
    }

    /// <returns>The number of probes.</returns>
    private int SetLimits()
    {
        var count = 0;
        foreach (var request in requests)
            count += request.Probes.Count;

        if (limits.Length < count)
            limits = new double[count];

        var first = 0;
        foreach (var request in requests)
        {
            limits.AsSpan(first, request.Probes.Count).Fill(request.SquaredTolerance);
            first += request.Probes.Count;
        }

        return count;
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
#pragma warning disable CA1031 // An exception on a helper's thread is rethrown on each caller's.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            failure = ExceptionDispatchInfo.Capture(exception);
        }
    }

    private void Answer()
    {
        var probe = 0;
        foreach (var request in requests)
        {
            if (failure is null)
                request.Answer(Merge(request, ref probe));
            else
                request.Fail(failure.SourceException);
        }
    }

    private IReadOnlyList<FaceMatch>[] Merge(SearchRequest request, ref int probe)
    {
        var matches = new IReadOnlyList<FaceMatch>[request.Probes.Count];
        for (var i = 0; i < matches.Length; i++, probe++)
        {
            var merged = scanners[0].Nearest(probe);
            for (var scanner = 1; scanner < Math.Min(scanners.Count, nextScanner); scanner++)
                merged.Merge(scanners[scanner].Nearest(probe));

            matches[i] = merged.ToMatches();
        }

        return matches;
    }

    /// <summary>The last thread returns the pass to the pool: a helper may start when all work is done.</summary>
    private void Leave()
    {
        if (Interlocked.Decrement(ref holders) != 0)
            return;

        segments = [];
        requests.Clear();
        Pool.Add(this);
    }
}
