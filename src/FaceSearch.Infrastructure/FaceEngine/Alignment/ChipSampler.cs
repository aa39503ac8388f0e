using System.Runtime.CompilerServices;
using FaceSearch.Infrastructure.FaceEngine.Imaging;

namespace FaceSearch.Infrastructure.FaceEngine.Alignment;

/// <summary>Resamples a turned and scaled square out of a picture.</summary>
internal static class ChipSampler
{
    /// <summary>
    /// Fills the chip. Where a chip's pixel covers several of the picture's, it is the mean of a grid of bilinear
    /// samples about a pixel apart, so that a large face comes out as smooth as a small one.
    /// </summary>
    /// <param name="toPicture">From the chip's pixel coordinates to the picture's; pixel centres are whole numbers.</param>
    public static void Sample(RgbImage image, in SimilarityTransform toPicture, Span<byte> chip, int size)
    {
        var grid = Math.Max(1, (int)Math.Round(toPicture.Scale));
        var share = 1f / (grid * grid);
        var target = 0;
        for (var y = 0; y < size; y++)
        {
            for (var x = 0; x < size; x++)
            {
                float red = 0, green = 0, blue = 0;
                for (var i = 0; i < grid * grid; i++)
                {
                    var (u, v) = toPicture.Apply(x + Offset(i % grid, grid), y + Offset(i / grid, grid));
                    AddBilinear(image, u, v, ref red, ref green, ref blue);
                }

                chip[target++] = (byte)((red * share) + 0.5f);
                chip[target++] = (byte)((green * share) + 0.5f);
                chip[target++] = (byte)((blue * share) + 0.5f);
            }
        }
    }

    private static double Offset(int index, int grid) => ((index + 0.5) / grid) - 0.5;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddBilinear(RgbImage image, double x, double y, ref float red, ref float green, ref float blue)
    {
        int left = (int)Math.Floor(x), top = (int)Math.Floor(y);
        float right = (float)(x - left), bottom = (float)(y - top);
        AddPixel(image, left, top, (1 - right) * (1 - bottom), ref red, ref green, ref blue);
        AddPixel(image, left + 1, top, right * (1 - bottom), ref red, ref green, ref blue);
        AddPixel(image, left, top + 1, (1 - right) * bottom, ref red, ref green, ref blue);
        AddPixel(image, left + 1, top + 1, right * bottom, ref red, ref green, ref blue);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddPixel(
        RgbImage image, int x, int y, float weight, ref float red, ref float green, ref float blue)
    {
        if ((uint)x >= (uint)image.Width || (uint)y >= (uint)image.Height)
            return;

        var pixel = image.Pixels.Slice(((y * image.Width) + x) * 3, 3);
        red += weight * pixel[0];
        green += weight * pixel[1];
        blue += weight * pixel[2];
    }
}
