using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using FaceSearch.Infrastructure.VectorIndex.Codes;
using FaceSearch.Infrastructure.VectorIndex.Segments;

namespace FaceSearch.Infrastructure.VectorIndex.Scan;

/// <summary>One probe on one thread: rules rows out by their codes, measures the others exactly, keeps the nearest.</summary>
internal sealed class ProbeScanner(int stride)
{
    private const int CacheLine = 64;

    private readonly float[] values = new float[stride];
    private readonly ProbeCode code = new(stride);
    private readonly Shortlist shortlist = new();
    private readonly ShortlistedRow[] promising = Shortlist.CreateBuffer();
    private SearchRequest? request;
    private int number;
    private SegmentView[] views = [];
    private int current;
    private float threshold;

    public int Stride => stride;

    public TopK Nearest { get; } = new();

    /// <param name="probe">Its number among the request's probes.</param>
    public void Start(SegmentView[] segments, SearchRequest search, int probe)
    {
        values.AsSpan().Clear();
        search.Probes[probe].Values.CopyTo(values);
        (views, request, number) = (segments, search, probe);
        shortlist.Clear();
        Nearest.Start(search.K, search.SquaredTolerance);
    }

    /// <param name="segment">Its place in the search.</param>
    public void Enter(int segment)
    {
        current = segment;
        code.Encode(values, views[segment].Segment.Centre);
    }

    /// <param name="first">The first block; <paramref name="end"/> is the first beyond the last.</param>
    /// <param name="sharedLimit">The squared distance beyond which no thread needs a face.</param>
    public void Scan(int first, int end, ref double sharedLimit)
    {
        var blocks = Blocks(end);
        Tighten(ref sharedLimit);
        for (var block = first;
            (block = BlockScans.Fastest.One(blocks, block, code, threshold, out var hits)) < end;
            block++)
        {
            Take(block, hits, ref sharedLimit);
        }
    }

    /// <summary>Scans the same blocks for two probes at once.</summary>
    public static void Scan(
        ProbeScanner a, ProbeScanner b, int first, int end, ref double sharedLimitA, ref double sharedLimitB)
    {
        var blocks = a.Blocks(end);
        a.Tighten(ref sharedLimitA);
        b.Tighten(ref sharedLimitB);
        for (var block = first;
            (block = BlockScans.Fastest.Two(
                blocks, block, a.code, a.threshold, b.code, b.threshold, out var hitsA, out var hitsB)) < end;
            block++)
        {
            a.Take(block, hitsA, ref sharedLimitA);
            b.Take(block, hitsB, ref sharedLimitB);
        }
    }

    /// <summary>Measures the remaining rows; the next search begins with <see cref="Start"/>.</summary>
    public void Finish(ref double sharedLimit)
    {
        while (!shortlist.IsEmpty)
            MeasurePromising(ref sharedLimit);

        (views, request) = ([], null);
    }

    private ReadOnlySpan<byte> Blocks(int end) => views[current].Segment.Blocks(end * CodeBlock.Rows);

    private void Tighten(ref double sharedLimit) =>
        threshold = code.Threshold(Limit(ref sharedLimit), views[current].Reach);

    private void Take(int block, in BlockHits hits, ref double sharedLimit)
    {
        var view = views[current];
        for (var rows = hits.Rows; rows != 0; rows &= rows - 1)
        {
            var i = BitOperations.TrailingZeroCount(rows);
            var row = block * CodeBlock.Rows + i;
            if (row < view.Count && !view.IsRemoved(row))
                shortlist.Add(new ShortlistedRow(code.LeastSquaredDistance(hits.Bounds[i], view.Reach), current, row));
        }

        if (!shortlist.IsFull)
            return;

        while (!shortlist.IsHalfEmpty)
            MeasurePromising(ref sharedLimit);

        Tighten(ref sharedLimit);
    }

    /// <summary>The lowest limit of all threads.</summary>
    private double Limit(ref double sharedLimit)
    {
        var (own, shared) = (Nearest.SquaredLimit, Volatile.Read(ref sharedLimit));
        if (own < shared)
            Volatile.Write(ref sharedLimit, own);

        return Math.Min(own, shared);
    }

    /// <summary>Prefetches the floats of all rows, so that they are loaded from memory in parallel.</summary>
    private void MeasurePromising(ref double sharedLimit)
    {
        var taken = promising.AsSpan(0, shortlist.TakeNearest(Limit(ref sharedLimit), promising));
        if (Sse.IsSupported)
        {
            foreach (var row in taken)
                Prefetch(views[row.Segment].Segment.Row(row.Row));
        }

        foreach (var row in taken)
            Measure(views[row.Segment].Segment, row.Row);
    }

    private static unsafe void Prefetch(ReadOnlySpan<float> row)
    {
        var start = (byte*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(row));
        for (var offset = 0; offset < row.Length * sizeof(float); offset += CacheLine)
            Sse.Prefetch0(start + offset);
    }

    /// <summary>The bound let the row through; whether it is near enough is decided by its exact distance.</summary>
    private void Measure(Segment segment, int row)
    {
        var candidate = new Candidate(SquaredDistance.Between(values, segment.Row(row)), segment.FaceIds[row]);
        if (candidate.SquaredDistance <= Nearest.SquaredLimit
            && (request!.Filter is null || request.Admits(number, candidate.FaceId)))
        {
            Nearest.Push(candidate);
        }
    }
}
