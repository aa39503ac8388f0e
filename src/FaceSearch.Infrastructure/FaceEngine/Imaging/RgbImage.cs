namespace FaceSearch.Infrastructure.FaceEngine.Imaging;

/// <summary>
/// An upright picture: rows of pixels without padding, three bytes each in the order red, green, blue. Its memory is
/// unmanaged, so dispose it; not thread-safe while it is being written.
/// </summary>
internal sealed class RgbImage : IDisposable
{
    public const int BytesPerPixel = 3;

    private readonly PixelMemory memory;

    public RgbImage(int width, int height)
        : this(width, height, new PixelMemory(Length(width, height)))
    {
    }

    /// <param name="memory">The pixels; the picture disposes it.</param>
    public RgbImage(int width, int height, PixelMemory memory) => (Width, Height, this.memory) = (width, height, memory);

    public int Width { get; }

    public int Height { get; }

    public Span<byte> Pixels => memory.Bytes;

    public void Dispose() => memory.Dispose();

    private static int Length(int width, int height)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        return checked(width * height * BytesPerPixel);
    }
}
