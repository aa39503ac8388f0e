using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace FaceSearch.Infrastructure.VectorIndex.Segments;

internal static partial class AlignedMemory
{
    private const int CacheLine = 64;
    private const int HugePage = 1 << 21;
    private const int AdviceHugePage = 14; // MADV_HUGEPAGE

    /// <summary>
    /// Zeroed bytes that begin at a cache line and never move, so that no vector load straddles two lines. Linux is
    /// asked for huge pages: a scan touches every page, and each small one costs a walk of the page tables.
    /// </summary>
    public static unsafe Memory<byte> Allocate(int bytes)
    {
        var array = GC.AllocateArray<byte>(bytes + CacheLine, pinned: true);
        var start = (nuint)Unsafe.AsPointer(ref array[0]);
        if (OperatingSystem.IsLinux() && bytes >= 2 * HugePage)
            AdviseHugePages(start, (nuint)array.Length);

        return array.AsMemory((int)((CacheLine - start % CacheLine) % CacheLine), bytes);
    }

    /// <summary>Only advice: where it is refused, pages stay small.</summary>
    private static void AdviseHugePages(nuint start, nuint length)
    {
        var first = (start + HugePage - 1) / HugePage * HugePage;
        var end = (start + length) / HugePage * HugePage;
        if (end > first)
            _ = Advise(first, end - first, AdviceHugePage);
    }

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Advise(nuint address, nuint length, int advice);
}
