using SkiaSharp;

namespace FaceSearch.Infrastructure.FaceEngine.Imaging;

/// <summary>Turns pixels the way EXIF's orientation says (TIFF 6.0, tag 274: eight values).</summary>
internal static class Upright
{
    /// <summary>An empty picture that takes the turned pixels.</summary>
    public static RgbImage NewImage(int width, int height, SKEncodedOrigin origin) =>
        origin >= SKEncodedOrigin.LeftTop ? new RgbImage(height, width) : new RgbImage(width, height);

    /// <summary>Copies rows of the stored picture to their places in the upright one.</summary>
    /// <param name="rgba">
    /// Premultiplied, four bytes per pixel, rows of <paramref name="width"/> without padding; transparency is blended with white.
    /// </param>
    /// <param name="top">The number of the first row in the stored picture.</param>
    public static void Copy(ReadOnlySpan<byte> rgba, int width, int top, SKEncodedOrigin origin, RgbImage image)
    {
        var (start, stepX, stepY) = Walk(image.Width, image.Height, origin);
        var pixels = image.Pixels;
        for (int from = 0, y = top; from < rgba.Length; from += width * 4, y++)
            CopyRow(rgba.Slice(from, width * 4), pixels, (start + (y * stepY)) * 3, stepX * 3);
    }

    /// <summary>A picture that is upright as it is stored, in the same memory: no pixel lies behind its four bytes.</summary>
    public static RgbImage InPlace(PixelMemory rgba, int width, int height)
    {
        var bytes = rgba.Bytes;
        for (var y = 0; y < height; y++)
            CopyRow(bytes.Slice(y * width * 4, width * 4), bytes, y * width * 3, 3);

        rgba.Shrink(width * height * RgbImage.BytesPerPixel);
        return new RgbImage(width, height, rgba);
    }

    private static void CopyRow(ReadOnlySpan<byte> row, Span<byte> pixels, int target, int step)
    {
        for (var x = 0; x < row.Length; x += 4)
        {
            var white = 255 - row[x + 3];
            pixels[target] = (byte)(row[x] + white);
            pixels[target + 1] = (byte)(row[x + 1] + white);
            pixels[target + 2] = (byte)(row[x + 2] + white);
            target += step;
        }
    }

    /// <summary>Where the stored top left pixel goes, and how far apart stored neighbours land, in pixels.</summary>
    private static (int Start, int StepX, int StepY) Walk(int width, int height, SKEncodedOrigin origin)
    {
        var right = width - 1;
        var bottom = (height - 1) * width;
        return origin switch
        {
            SKEncodedOrigin.TopRight => (right, -1, width),
            SKEncodedOrigin.BottomRight => (bottom + right, -1, -width),
            SKEncodedOrigin.BottomLeft => (bottom, 1, -width),
            SKEncodedOrigin.LeftTop => (0, width, 1),
            SKEncodedOrigin.RightTop => (right, width, -1),
            SKEncodedOrigin.RightBottom => (bottom + right, -width, -1),
            SKEncodedOrigin.LeftBottom => (bottom, -width, 1),
            _ => (0, 1, width),
        };
    }
}
