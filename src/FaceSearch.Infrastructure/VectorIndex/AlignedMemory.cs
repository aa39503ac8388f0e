using System.Runtime.CompilerServices;

namespace FaceSearch.Infrastructure.VectorIndex;

internal static class AlignedMemory
{
    private const int CacheLine = 64;

    /// <summary>Zeroed bytes that begin at a cache line and never move, so that no vector load straddles two lines.</summary>
    public static unsafe Memory<byte> Allocate(int bytes)
    {
        var array = GC.AllocateArray<byte>(bytes + CacheLine, pinned: true);
        var start = (nuint)Unsafe.AsPointer(ref array[0]);
        return array.AsMemory((int)((CacheLine - start % CacheLine) % CacheLine), bytes);
    }
}
