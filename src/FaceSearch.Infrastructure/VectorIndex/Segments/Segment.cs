using System.Runtime.InteropServices;
using FaceSearch.Infrastructure.VectorIndex.Codes;

namespace FaceSearch.Infrastructure.VectorIndex.Segments;

/// <summary>
/// Up to 32,768 faces: their codes in blocks of 16 for the scan, their exact floats row by row for the remaining rows.
/// A row is written once, before a view that counts it is published, and after that only erased.
/// </summary>
internal sealed class Segment
{
    public const int MaxCapacity = 1 << 15;

    private readonly Memory<byte> blocks;
    private readonly Memory<byte> rows;
    private readonly long[] faceIds;
    private readonly float[] centre;
    private readonly int length;
    private readonly int stride;

    /// <param name="length">Values of an embedding.</param>
    /// <param name="centre">Taken off every row before it is coded: the nearer to the mean, the finer the codes.</param>
    public Segment(int length, int capacity, float[] centre)
        : this(
            length,
            centre,
            new long[capacity],
            AlignedMemory.Allocate(CodeBlock.Count(capacity) * CodeBlock.Bytes(CodeBlock.Padded(length))),
            AlignedMemory.Allocate(capacity * CodeBlock.Padded(length) * sizeof(float)))
    {
    }

    /// <summary>A segment on memory that is already written, or ready to be.</summary>
    public Segment(int length, float[] centre, long[] faceIds, Memory<byte> blocks, Memory<byte> rows)
    {
        (this.length, this.centre, this.faceIds, this.blocks, this.rows) = (length, centre, faceIds, blocks, rows);
        stride = CodeBlock.Padded(length);
    }

    public int Capacity => faceIds.Length;

    public float[] Centre => centre;

    public ReadOnlySpan<long> FaceIds => faceIds;

    /// <summary>The blocks that hold the first rows.</summary>
    public ReadOnlySpan<byte> Blocks(int count) =>
        blocks.Span[..(CodeBlock.Count(count) * CodeBlock.Bytes(stride))];

    /// <summary>An embedding, filled up with zeros to a multiple of <see cref="CodeBlock.Step"/>.</summary>
    public ReadOnlySpan<float> Row(int row) => Values.Slice(row * stride, stride);

    public ReadOnlySpan<float> Rows(int count) => Values[..(count * stride)];

    public ReadOnlySpan<float> Embedding(int row) => Row(row)[..length];

    private Span<float> Values => MemoryMarshal.Cast<byte, float>(rows.Span);

    /// <returns>The row's reach: no less than its norm and that of its decoded form, less the centre.</returns>
    public double Write(int row, long faceId, ReadOnlySpan<float> embedding)
    {
        var target = Values.Slice(row * stride, stride);
        embedding.CopyTo(target);
        faceIds[row] = faceId;

        Span<byte> codes = stackalloc byte[stride];
        var factors = RowQuantizer.Encode(target, centre, length, codes);
        var bytes = CodeBlock.Bytes(stride);
        CodeBlock.Write(blocks.Span.Slice(row / CodeBlock.Rows * bytes, bytes), row % CodeBlock.Rows, codes, factors);
        return (Math.Sqrt(2.0 * factors.HalfSquaredNorm) + factors.Error) * (1 + 1e-6) + 1e-18;
    }

    /// <summary>
    /// Overwrites a removed row permanently. A search on an older snapshot may be reading it. The floats are
    /// overwritten first, with NaN, which is near to no probe, so that search finds the whole face or does not find it.
    /// </summary>
    public void Erase(int row)
    {
        Values.Slice(row * stride, stride).Fill(float.NaN);
        Thread.MemoryBarrier();
        var bytes = CodeBlock.Bytes(stride);
        CodeBlock.Erase(blocks.Span.Slice(row / CodeBlock.Rows * bytes, bytes), row % CodeBlock.Rows);
    }
}

/// <summary>A segment as one snapshot sees it.</summary>
/// <param name="Count">Rows that are written; some may be removed.</param>
/// <param name="Reach">The greatest of the rows' reaches.</param>
/// <param name="Removed">A bit for each removed row; null while there is none. Never changed, only replaced.</param>
internal sealed record SegmentView(Segment Segment, int Count, double Reach, ulong[]? Removed, int RemovedCount)
{
    public int LiveCount => Count - RemovedCount;

    public bool IsRemoved(int row) => Removed is { } removed && (removed[row / 64] >> row % 64 & 1) != 0;

    public static SegmentView Empty(Segment segment) => new(segment, 0, 0, null, 0);

    public SegmentView Append(long faceId, ReadOnlySpan<float> embedding) =>
        this with { Reach = Math.Max(Reach, Segment.Write(Count, faceId, embedding)), Count = Count + 1 };

    public SegmentView Remove(ReadOnlySpan<int> rows)
    {
        var removed = new ulong[(Segment.Capacity + 63) / 64];
        Removed?.CopyTo(removed, 0);
        foreach (var row in rows)
            removed[row / 64] |= 1UL << row % 64;

        return this with { Removed = removed, RemovedCount = RemovedCount + rows.Length };
    }

    /// <summary>The rows that are left, coded again about their own mean in a segment of another capacity.</summary>
    /// <remarks>It holds no data of the removed rows: the old mean includes them, the new one does not.</remarks>
    public SegmentView Rebuild(int length, int capacity)
    {
        var view = Empty(new Segment(length, capacity, LiveCount > 0 ? Mean() : new float[Segment.Centre.Length]));
        for (var row = 0; row < Count; row++)
        {
            if (!IsRemoved(row))
                view = view.Append(Segment.FaceIds[row], Segment.Embedding(row));
        }

        return view;
    }

    private float[] Mean()
    {
        var sums = new double[Segment.Centre.Length];
        for (var row = 0; row < Count; row++)
        {
            if (IsRemoved(row))
                continue;

            var values = Segment.Row(row);
            for (var i = 0; i < sums.Length; i++)
                sums[i] += values[i];
        }

        return Array.ConvertAll(sums, sum => (float)(sum / LiveCount));
    }
}
