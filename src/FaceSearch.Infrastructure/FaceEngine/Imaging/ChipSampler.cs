using System.Runtime.CompilerServices;

namespace FaceSearch.Infrastructure.FaceEngine.Imaging;

/// <summary>Resamples a turned and scaled square out of a picture.</summary>
internal static class ChipSampler
{
    /// <summary>
    /// Fills the chip. Where a chip's pixel covers several of the picture's, it is the mean of a grid of bilinear
    /// samples about a pixel apart, so that a large face comes out as smooth as a small one.
    /// </summary>
    /// <param name="toPicture">From the chip's pixel coordinates to the picture's; pixel centres are whole numbers.</param>
    /// <param name="stretch">What the chip's y is multiplied by before that: above 1, the chip shows a higher part squeezed.</param>
    public static void Sample(
        RgbImage image, in SimilarityTransform toPicture, Span<byte> chip, int size, double stretch = 1)
    {
        var grid = Math.Max(1, (int)Math.Round(toPicture.Scale * Math.Max(1, stretch)));
        var share = 1f / (grid * grid);
        var picture = new Picture(image.Pixels, image.Width, image.Height);
        var target = 0;
        for (var y = 0; y < size; y++)
        {
            for (var x = 0; x < size; x++)
            {
                float red = 0, green = 0, blue = 0;
                for (var i = 0; i < grid * grid; i++)
                {
                    var (u, v) = toPicture.Apply(x + Offset(i % grid, grid), stretch * (y + Offset(i / grid, grid)));
                    AddBilinear(picture, u, v, ref red, ref green, ref blue);
                }

                chip[target++] = (byte)((red * share) + 0.5f);
                chip[target++] = (byte)((green * share) + 0.5f);
                chip[target++] = (byte)((blue * share) + 0.5f);
            }
        }
    }

    private static double Offset(int index, int grid) => ((index + 0.5) / grid) - 0.5;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddBilinear(in Picture picture, double x, double y, ref float red, ref float green, ref float blue)
    {
        int left = (int)Math.Floor(x), top = (int)Math.Floor(y);
        float right = (float)(x - left), bottom = (float)(y - top);
        if ((uint)left < (uint)(picture.Width - 1) && (uint)top < (uint)(picture.Height - 1))
        {
            var start = ((top * picture.Width) + left) * 3;
            var above = picture.Pixels.Slice(start, 6);
            var below = picture.Pixels.Slice(start + (picture.Width * 3), 6);
            red += Mix(Mix(above[0], above[3], right), Mix(below[0], below[3], right), bottom);
            green += Mix(Mix(above[1], above[4], right), Mix(below[1], below[4], right), bottom);
            blue += Mix(Mix(above[2], above[5], right), Mix(below[2], below[5], right), bottom);
            return;
        }

        AddPixel(picture, left, top, (1 - right) * (1 - bottom), ref red, ref green, ref blue);
        AddPixel(picture, left + 1, top, right * (1 - bottom), ref red, ref green, ref blue);
        AddPixel(picture, left, top + 1, (1 - right) * bottom, ref red, ref green, ref blue);
        AddPixel(picture, left + 1, top + 1, right * bottom, ref red, ref green, ref blue);
    }

    private static float Mix(float low, float high, float weight) => low + ((high - low) * weight);

    /// <summary>At the border, where some of the four pixels are outside and count as black.</summary>
    private static void AddPixel(
        in Picture picture, int x, int y, float weight, ref float red, ref float green, ref float blue)
    {
        if ((uint)x >= (uint)picture.Width || (uint)y >= (uint)picture.Height)
            return;

        var pixel = picture.Pixels.Slice(((y * picture.Width) + x) * 3, 3);
        red += weight * pixel[0];
        green += weight * pixel[1];
        blue += weight * pixel[2];
    }

    private readonly ref struct Picture(ReadOnlySpan<byte> pixels, int width, int height)
    {
        public readonly ReadOnlySpan<byte> Pixels = pixels;
        public readonly int Width = width;
        public readonly int Height = height;
    }
}
