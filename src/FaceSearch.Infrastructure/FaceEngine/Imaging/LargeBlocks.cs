using System.Runtime.InteropServices;

namespace FaceSearch.Infrastructure.FaceEngine.Imaging;

/// <summary>
/// Where the process's large unmanaged blocks come from: pixels, and the layers of the networks. The C library of most
/// Linux systems keeps freed blocks of up to 32 MB for each thread, which adds up to hundreds of megabytes.
/// </summary>
internal static unsafe class LargeBlocks
{
    /// <summary>Bytes. The blocks of smaller pictures are kept, as fresh pages take time.</summary>
    private const int Threshold = 4 << 20;

    /// <summary>malloc.h of glibc.</summary>
    private const int MmapThreshold = -3;

    /// <summary>Lets the C library return freed large blocks to the system at once. Has no effect where it can't be set.</summary>
    public static void ReturnToSystem()
    {
        if (NativeLibrary.TryGetExport(NativeLibrary.GetMainProgramHandle(), "mallopt", out var mallopt))
            _ = ((delegate* unmanaged<int, int, int>)mallopt)(MmapThreshold, Threshold);
    }
}
