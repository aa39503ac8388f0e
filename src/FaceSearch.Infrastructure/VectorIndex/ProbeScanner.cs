using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using FaceSearch.Application.Abstractions;

namespace FaceSearch.Infrastructure.VectorIndex;

/// <summary>One probe on one thread: rules rows out by their codes, measures the others exactly, keeps the nearest.</summary>
internal sealed class ProbeScanner(int number, int stride)
{
    /// <summary>Rows wait in such lots, so that their floats arrive from memory while codes are still being scanned.</summary>
    private const int LotSize = 8;

    private const int CacheLine = 64;

    private readonly float[] values = new float[stride];
    private readonly ProbeCode code = new(stride);
    private readonly int[] waiting = new int[LotSize + CodeBlock.Rows];
    private readonly BlockScan nextBlock = BlockScans.Fastest;
    private FaceFilter? filter;
    private SegmentView? view;
    private int waitingCount;

    public int Stride => stride;

    public TopK Nearest { get; } = new();

    public void Start(ReadOnlySpan<float> embedding, int k, double squaredTolerance, FaceFilter? admits)
    {
        values.AsSpan().Clear();
        embedding.CopyTo(values);
        (filter, waitingCount) = (admits, 0);
        Nearest.Start(k, squaredTolerance);
    }

    public void Enter(SegmentView segment)
    {
        view = segment;
        code.Encode(values, segment.Segment.Centre);
    }

    /// <param name="first">The first block; <paramref name="end"/> is the first beyond the last.</param>
    /// <param name="sharedLimit">The squared distance beyond which no thread needs a face.</param>
    public void Scan(int first, int end, ref double sharedLimit)
    {
        var blocks = view!.Segment.Blocks(end * CodeBlock.Rows);
        var threshold = Threshold(ref sharedLimit);
        for (var block = first; (block = nextBlock(blocks, block, code, threshold, out var rows)) < end; block++)
        {
            if (waitingCount >= LotSize)
            {
                Measure();
                threshold = Threshold(ref sharedLimit);
            }

            for (; rows != 0; rows &= rows - 1)
                Await(block * CodeBlock.Rows + BitOperations.TrailingZeroCount(rows));
        }
    }

    public void Leave(ref double sharedLimit)
    {
        Measure();
        Threshold(ref sharedLimit);
        view = null;
    }

    private float Threshold(ref double sharedLimit)
    {
        var (own, shared) = (Nearest.SquaredLimit, Volatile.Read(ref sharedLimit));
        if (own < shared)
            Volatile.Write(ref sharedLimit, own);

        return code.Threshold(Math.Min(own, shared), view!.Reach);
    }

    private void Await(int row)
    {
        if (row >= view!.Count || view.IsRemoved(row))
            return;

        waiting[waitingCount++] = row;
        if (Sse.IsSupported)
            Prefetch(view.Segment.Row(row));
    }

    private static unsafe void Prefetch(ReadOnlySpan<float> row)
    {
        var start = (byte*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(row));
        for (var offset = 0; offset < row.Length * sizeof(float); offset += CacheLine)
            Sse.Prefetch0(start + offset);
    }

    /// <summary>The bound let these rows through; whether they are near enough is decided by their exact distance.</summary>
    private void Measure()
    {
        var segment = view!.Segment;
        foreach (var row in waiting.AsSpan(0, waitingCount))
        {
            var candidate = new Candidate(SquaredDistance.Between(values, segment.Row(row)), segment.FaceIds[row]);
            if (candidate.SquaredDistance <= Nearest.SquaredLimit && filter?.Invoke(number, candidate.FaceId) != false)
                Nearest.Push(candidate);
        }

        waitingCount = 0;
    }
}
