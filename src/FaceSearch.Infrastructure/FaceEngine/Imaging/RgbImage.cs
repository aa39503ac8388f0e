using System.Buffers;

namespace FaceSearch.Infrastructure.FaceEngine.Imaging;

/// <summary>
/// An upright picture: rows of pixels without padding, three bytes each in the order red, green, blue. The buffer is
/// rented, so dispose it; not thread-safe while it is being written.
/// </summary>
internal sealed class RgbImage : IDisposable
{
    private byte[]? buffer;

    public RgbImage(int width, int height)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        Width = width;
        Height = height;
        buffer = ArrayPool<byte>.Shared.Rent(checked(width * height * 3));
    }

    public int Width { get; }

    public int Height { get; }

    public Span<byte> Pixels
    {
        get
        {
            ObjectDisposedException.ThrowIf(buffer is null, this);
            return buffer.AsSpan(0, Width * Height * 3);
        }
    }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref buffer, null) is { } rented)
            ArrayPool<byte>.Shared.Return(rented);
    }
}
