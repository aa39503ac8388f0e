using System.IO.Hashing;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using FaceSearch.Infrastructure.VectorIndex.Gallery;
using FaceSearch.Infrastructure.VectorIndex.Segments;

namespace FaceSearch.Infrastructure.VectorIndex.Snapshots;

/// <summary>An index on disk, so that a start need not read and encode every face of the database.</summary>
/// <remarks>
/// In the processor's byte order: a header, an entry for each segment, then each segment at a multiple of 4,096 bytes;
/// see <see cref="SegmentSections"/>. The file is searched where it is mapped. It is written to a temporary file,
/// flushed and renamed, so readers never see an incomplete file.
/// </remarks>
internal static class SnapshotFile
{
    private const ulong Magic = 0x7865_6449_6563_6146; // "FaceIdex", unreadable in the other byte order
    private const int Version = 3;

    /// <summary>Writes a snapshot of the faces, concurrently with searches and changes.</summary>
    /// <param name="stamp">The collection whose faces these are; handed back by <see cref="Open"/>.</param>
    public static void Write(string path, FlatIndex index, SnapshotStamp stamp)
    {
        var (length, segments) = index.Capture();
        var unfinished = $"{path}.{Guid.NewGuid():N}.tmp";
        try
        {
            using (var file = new FileStream(unfinished, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1 << 20))
            {
                WriteTo(file, length, segments, stamp);
                file.Flush(flushToDisk: true);
            }

            File.Move(unfinished, path, overwrite: true);
        }
        finally
        {
            File.Delete(unfinished);
        }
    }

    /// <summary>An index on a mapped snapshot; null if the file is missing, damaged or of another version.</summary>
    public static FlatIndex? Open(string path, out SnapshotStamp stamp)
    {
        var contents = Map(path);
        stamp = contents?.Stamp ?? default;
        return contents is null ? null : FlatIndex.FromSegments(contents.Length, contents.Segments);
    }

    private static Contents? Map(string path)
    {
        if (!File.Exists(path) || new FileInfo(path).Length < Unsafe.SizeOf<Header>())
            return null;

        var file = new MappedFile(path);
        var header = MemoryMarshal.Read<Header>(file.Region(0, Unsafe.SizeOf<Header>()).Span);
        if (header.Magic != Magic || header.Version != Version || EntriesOf(file, header) is not { } entries)
            return null;

        var views = new SegmentView[entries.Length];
        for (var i = 0; i < entries.Length; i++)
        {
            var sections = new SegmentSections(header.Length, (int)entries[i].Rows);
            if (entries[i].Offset + sections.Bytes > file.Length)
                return null;

            var region = file.Region(entries[i].Offset, sections.Bytes);
            if (XxHash3.HashToUInt64(region.Span) != entries[i].Checksum)
                return null;

            views[i] = new SegmentView(sections.Open(region), (int)entries[i].Rows, entries[i].Reach, null, 0);
        }

        return new Contents(header.Length, views, header.Stamp);
    }

    private static void WriteTo(FileStream file, int length, IReadOnlyList<SegmentView> segments, SnapshotStamp stamp)
    {
        var entries = new Entry[segments.Count];
        var header = new Header { Magic = Magic, Version = Version, Length = length, Segments = entries.Length, Stamp = stamp };
        file.Position = Unsafe.SizeOf<Header>() + entries.Length * Unsafe.SizeOf<Entry>();
        for (var i = 0; i < entries.Length; i++)
        {
            var view = segments[i].RemovedCount == 0 ? segments[i] : segments[i].Rebuild(length, segments[i].LiveCount);
            var bytes = new SegmentSections(length, view.Count).Copy(view.Segment);
            file.Position = (file.Position + Environment.SystemPageSize - 1) / Environment.SystemPageSize * Environment.SystemPageSize;
            entries[i] = new Entry { Offset = file.Position, Reach = view.Reach, Rows = view.Count, Checksum = XxHash3.HashToUInt64(bytes) };
            file.Write(bytes);
        }

        var table = MemoryMarshal.AsBytes(entries.AsSpan());
        header.EntriesChecksum = XxHash3.HashToUInt64(table);
        header.HeaderChecksum = header.ComputeChecksum();
        file.Position = 0;
        file.Write(MemoryMarshal.AsBytes(new ReadOnlySpan<Header>(in header)));
        file.Write(table);
    }

    private static Entry[]? EntriesOf(MappedFile file, Header header)
    {
        var bytes = header.Segments * Unsafe.SizeOf<Entry>();
        if (header.HeaderChecksum != header.ComputeChecksum() || Unsafe.SizeOf<Header>() + bytes > file.Length)
            return null;

        var table = file.Region(Unsafe.SizeOf<Header>(), (int)bytes).Span;
        return XxHash3.HashToUInt64(table) == header.EntriesChecksum ? MemoryMarshal.Cast<byte, Entry>(table).ToArray() : null;
    }

    /// <param name="Stamp">The stamp that was given to <see cref="Write"/>.</param>
    private sealed record Contents(int Length, SegmentView[] Segments, SnapshotStamp Stamp);

    /// <summary>Without gaps, so that all its bytes are defined.</summary>
    private struct Header
    {
        public ulong Magic;
        public int Version;
        public int Length;
        public long Segments;
        public SnapshotStamp Stamp;
        public ulong EntriesChecksum;
        public ulong HeaderChecksum;

        public readonly ulong ComputeChecksum()
        {
            var blank = this with { HeaderChecksum = 0 };
            return XxHash3.HashToUInt64(MemoryMarshal.AsBytes(new ReadOnlySpan<Header>(in blank)));
        }
    }

    private struct Entry
    {
        public long Offset;
        public double Reach;
        public ulong Checksum;
        public long Rows;
    }
}
