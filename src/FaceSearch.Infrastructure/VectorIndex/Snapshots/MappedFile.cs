using System.Buffers;
using System.IO.MemoryMappedFiles;

namespace FaceSearch.Infrastructure.VectorIndex.Snapshots;

/// <summary>
/// A copy-on-write memory mapping of a file: changes are private to this process. It stays mapped as long as a region
/// of it is referenced.
/// </summary>
internal sealed unsafe class MappedFile
{
    private readonly MemoryMappedViewAccessor view;
    private readonly byte* start;

    /// <param name="path">A file that is not empty and not larger than the address space.</param>
    public MappedFile(string path)
    {
        Length = new FileInfo(path).Length;
        using var handle = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
        using var file = MemoryMappedFile.CreateFromFile(
            handle, null, 0, MemoryMappedFileAccess.CopyOnWrite, HandleInheritability.None, leaveOpen: false);
        view = file.CreateViewAccessor(0, 0, MemoryMappedFileAccess.CopyOnWrite);
        view.SafeMemoryMappedViewHandle.AcquirePointer(ref start);
        start += view.PointerOffset;
    }

    ~MappedFile()
    {
        view.SafeMemoryMappedViewHandle.ReleasePointer();
        view.Dispose();
    }

    public long Length { get; }

    public Memory<byte> Region(long offset, int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offset + length, Length);
        return new MappedRegion(this, start + offset, length).Memory;
    }

    private sealed class MappedRegion(MappedFile file, byte* start, int length) : MemoryManager<byte>
    {
        public override Span<byte> GetSpan() => new(start, length);

        public override MemoryHandle Pin(int elementIndex = 0) => new(start + elementIndex, pinnable: this);

        public override void Unpin() => GC.KeepAlive(file);

        protected override void Dispose(bool disposing)
        {
        }
    }
}
