using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using FaceSearch.Application.Abstractions;
using FaceSearch.Domain.Faces;

namespace FaceSearch.Infrastructure.VectorIndex;

/// <summary>One thread's part of a search: scans segments for all probes into heaps of its own. Reusable.</summary>
internal sealed class SegmentScanner
{
    /// <summary>Blocks that all probes visit before the next ones: they stay in the first-level cache meanwhile.</summary>
    private const int TileBlocks = 32;

    /// <summary>So many rows wait for their floats to arrive from memory before they are decided on.</summary>
    private const int PendingRows = 8;

    private const int CacheLine = 64;

    private readonly List<Probe> probes = [];
    private readonly int[] pending = new int[PendingRows + CodeBlock.Rows];
    private readonly BlockScan nextBlock = BlockScans.Fastest;
    private int probeCount;
    private int pendingCount;

    public void Start(IReadOnlyList<Embedding> embeddings, int k, double squaredTolerance)
    {
        (probeCount, pendingCount) = (embeddings.Count, 0);
        for (var i = 0; i < probeCount; i++)
        {
            var stride = CodeBlock.Padded(embeddings[i].Length);
            if (i == probes.Count)
                probes.Add(new Probe(stride));
            else if (probes[i].Values.Length != stride)
                probes[i] = new Probe(stride);

            probes[i].Start(embeddings[i].Values, k, squaredTolerance);
        }
    }

    public TopK Nearest(int probe) => probes[probe].Nearest;

    /// <param name="limits">For each probe the squared distance beyond which no thread needs a face; lowered here.</param>
    public void Scan(SegmentView view, double[] limits, FaceFilter? filter)
    {
        for (var i = 0; i < probeCount; i++)
            probes[i].Code.Encode(probes[i].Values, view.Segment.Centre);

        var blockCount = CodeBlock.Count(view.Count);
        for (var tile = 0; tile < blockCount; tile += TileBlocks)
        {
            for (var i = 0; i < probeCount; i++)
                ScanTile(view, tile, Math.Min(tile + TileBlocks, blockCount), i, ref limits[i], filter);
        }
    }

    private void ScanTile(SegmentView view, int first, int end, int number, ref double sharedLimit, FaceFilter? filter)
    {
        var probe = probes[number];
        var blocks = view.Segment.Blocks(end * CodeBlock.Rows);
        var limit = Math.Min(probe.Nearest.SquaredLimit, Volatile.Read(ref sharedLimit));
        var threshold = probe.Code.Threshold(limit, view.Reach);
        var block = first;
        while ((block = nextBlock(blocks, block, probe.Code, threshold, out var rows)) < end)
        {
            for (; rows != 0; rows &= rows - 1)
                Await(view, block * CodeBlock.Rows + BitOperations.TrailingZeroCount(rows));

            if (pendingCount >= PendingRows)
            {
                Decide(view, number, filter);
                limit = Math.Min(limit, probe.Nearest.SquaredLimit);
                threshold = probe.Code.Threshold(limit, view.Reach);
            }

            block++;
        }

        Decide(view, number, filter);
        limit = Math.Min(limit, probe.Nearest.SquaredLimit);
        if (limit < Volatile.Read(ref sharedLimit))
            Volatile.Write(ref sharedLimit, limit);
    }
    private void Await(SegmentView view, int row)
    {
        if (row >= view.Count || view.IsRemoved(row))
            return;

        pending[pendingCount++] = row;
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
    private void Decide(SegmentView view, int number, FaceFilter? filter)
    {
        var probe = probes[number];
        foreach (var row in pending.AsSpan(0, pendingCount))
        {
            var candidate = new Candidate(
                SquaredDistance.Between(probe.Values, view.Segment.Row(row)), view.Segment.FaceIds[row]);
            if (candidate.SquaredDistance <= probe.Nearest.SquaredLimit && filter?.Invoke(number, candidate.FaceId) != false)
                probe.Nearest.Push(candidate);
        }

        pendingCount = 0;
    }

    private sealed class Probe(int stride)
    {
        public float[] Values { get; } = new float[stride];

        public ProbeCode Code { get; } = new(stride);

        public TopK Nearest { get; } = new();

        public void Start(ReadOnlySpan<float> embedding, int k, double squaredTolerance)
        {
            Values.AsSpan().Clear();
            embedding.CopyTo(Values);
            Nearest.Start(k, squaredTolerance);
        }
    }
}
