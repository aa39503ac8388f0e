using System.Runtime.InteropServices;

namespace FaceSearch.Infrastructure.FaceEngine.Imaging;

/// <summary>
/// Memory for pixels outside of the collector's heap: exactly as long as asked for, and free after disposal, where
/// pooled arrays are powers of two and kept. Without a finalizer, so dispose it. Not thread-safe.
/// </summary>
/// <param name="length">Bytes.</param>
internal sealed unsafe class PixelMemory(int length) : IDisposable
{
    private byte* start = (byte*)NativeMemory.Alloc((nuint)length);
    private int length = length;

    public Span<byte> Bytes
    {
        get
        {
            ObjectDisposedException.ThrowIf(start is null, this);
            return new(start, length);
        }
    }

    /// <summary>The bytes may move, so take it again after <see cref="Shrink"/>.</summary>
    public nint Address => (nint)start;

    /// <summary>Frees the end.</summary>
    public void Shrink(int newLength)
    {
        ObjectDisposedException.ThrowIf(start is null, this);
        start = (byte*)NativeMemory.Realloc(start, (nuint)newLength);
        length = newLength;
    }

    public void Dispose()
    {
        NativeMemory.Free(start);
        start = null;
    }
}
