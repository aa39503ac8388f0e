using SkiaSharp;

namespace FaceSearch.Infrastructure.FaceEngine.Imaging;

/// <summary>Turns pixels the way EXIF's orientation says (TIFF 6.0, tag 274: eight values).</summary>
internal static class Upright
{
    /// <param name="rgba">Premultiplied, four bytes per pixel, rows without padding; transparency is blended with white.</param>
    public static RgbImage ToRgb(ReadOnlySpan<byte> rgba, int width, int height, SKEncodedOrigin origin)
    {
        var turned = origin >= SKEncodedOrigin.LeftTop;
        var image = turned ? new RgbImage(height, width) : new RgbImage(width, height);
        var (start, stepX, stepY) = Walk(image.Width, image.Height, origin);
        var pixels = image.Pixels;
        for (var y = 0; y < height; y++)
        {
            var source = rgba.Slice(y * width * 4, width * 4);
            var target = (start + (y * stepY)) * 3;
            for (var x = 0; x < source.Length; x += 4)
            {
                var white = 255 - source[x + 3];
                pixels[target] = (byte)(source[x] + white);
                pixels[target + 1] = (byte)(source[x + 1] + white);
                pixels[target + 2] = (byte)(source[x + 2] + white);
                target += stepX * 3;
            }
        }

        return image;
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
