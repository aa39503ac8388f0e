using System.Runtime.InteropServices;
using FaceSearch.Infrastructure.VectorIndex.Codes;
using FaceSearch.Infrastructure.VectorIndex.Segments;

namespace FaceSearch.Infrastructure.VectorIndex.Snapshots;

/// <summary>How a segment lies in a file: its centre, face ids, blocks and exact rows, each at a multiple of 64.</summary>
internal readonly struct SegmentSections
{
    private const int Line = 64;

    private readonly int length;
    private readonly int rows;
    private readonly int faceIdsAt;
    private readonly int blocksAt;
    private readonly int rowsAt;

    /// <param name="length">Values of an embedding.</param>
    public SegmentSections(int length, int rows)
    {
        (this.length, this.rows) = (length, rows);
        var stride = CodeBlock.Padded(length);
        faceIdsAt = RoundUp(stride * sizeof(float));
        blocksAt = RoundUp(faceIdsAt + rows * sizeof(long));
        rowsAt = RoundUp(blocksAt + CodeBlock.Count(rows) * CodeBlock.Bytes(stride));
        Bytes = RoundUp(rowsAt + rows * stride * sizeof(float));
    }

    public int Bytes { get; }

    /// <summary>The segment's first rows as bytes.</summary>
    public byte[] Copy(Segment segment)
    {
        var bytes = new byte[Bytes];
        MemoryMarshal.AsBytes(segment.Centre.AsSpan()).CopyTo(bytes);
        MemoryMarshal.AsBytes(segment.FaceIds[..rows]).CopyTo(bytes.AsSpan(faceIdsAt));
        segment.Blocks(rows).CopyTo(bytes.AsSpan(blocksAt));
        MemoryMarshal.AsBytes(segment.Rows(rows)).CopyTo(bytes.AsSpan(rowsAt));
        return bytes;
    }

    /// <summary>A full segment whose blocks and rows stay where they are.</summary>
    public Segment Open(Memory<byte> bytes)
    {
        var centre = MemoryMarshal.Cast<byte, float>(bytes.Span)[..CodeBlock.Padded(length)].ToArray();
        var faceIds = MemoryMarshal.Cast<byte, long>(bytes.Span[faceIdsAt..])[..rows].ToArray();
        return new Segment(length, centre, faceIds, bytes[blocksAt..rowsAt], bytes[rowsAt..]);
    }

    private static int RoundUp(int bytes) => (bytes + Line - 1) / Line * Line;
}
