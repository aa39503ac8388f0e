namespace FaceSearch.Infrastructure.FaceEngine.Imaging;

/// <summary>
/// Resamples pictures: whole factors by averaging blocks, so that nothing aliases, the rest (less than 2) bilinearly.
/// Pixel centres lie on half coordinates: <c>source = (target + 0.5) * scale - 0.5</c>.
/// </summary>
internal static class ImageScaler
{
    /// <summary>A new picture of the size, smaller or bigger; the caller disposes it.</summary>
    public static RgbImage Scale(RgbImage image, int width, int height)
    {
        var factor = Math.Max(1, Math.Min(image.Width / width, image.Height / height));
        if (factor == 1)
            return Interpolate(image, width, height, image.Width, image.Height);

        using var reduced = AverageBlocks(image, factor);
        return Interpolate(reduced, width, height, (double)image.Width / factor, (double)image.Height / factor);
    }

    /// <summary>Averages blocks of factor x factor pixels; an incomplete block at the right or bottom is left out.</summary>
    public static RgbImage AverageBlocks(RgbImage image, int factor)
    {
        var result = new RgbImage(image.Width / factor, image.Height / factor);
        var source = image.Pixels;
        var target = result.Pixels;
        var stride = image.Width * 3;
        var sums = new int[stride];
        var area = factor * factor;
        for (var y = 0; y < result.Height; y++)
        {
            sums.AsSpan().Clear();
            for (var row = 0; row < factor; row++)
                AddRow(source.Slice(((y * factor) + row) * stride, stride), sums);

            var output = target.Slice(y * result.Width * 3, result.Width * 3);
            for (int x = 0, block = 0; x < output.Length; x += 3, block += factor * 3)
            {
                int red = area / 2, green = red, blue = red;
                for (var i = block; i < block + (factor * 3); i += 3)
                {
                    red += sums[i];
                    green += sums[i + 1];
                    blue += sums[i + 2];
                }

                output[x] = (byte)(red / area);
                output[x + 1] = (byte)(green / area);
                output[x + 2] = (byte)(blue / area);
            }
        }

        return result;
    }

    private static void AddRow(ReadOnlySpan<byte> row, Span<int> sums)
    {
        for (var i = 0; i < sums.Length; i++)
            sums[i] += row[i];
    }

    private static RgbImage Interpolate(RgbImage image, int width, int height, double spanX, double spanY)
    {
        var result = new RgbImage(width, height);
        var columns = Taps(width, spanX, image.Width);
        var rows = Taps(height, spanY, image.Height);
        var source = image.Pixels;
        var target = result.Pixels;
        var stride = image.Width * 3;
        for (var y = 0; y < height; y++)
        {
            var above = source.Slice(rows[y].Low * stride, stride);
            var below = source.Slice(rows[y].High * stride, stride);
            var output = target.Slice(y * width * 3, width * 3);
            for (var x = 0; x < width; x++)
            {
                var (low, high, weight) = columns[x];
                for (var channel = 0; channel < 3; channel++)
                {
                    var top = Mix(above[(low * 3) + channel], above[(high * 3) + channel], weight);
                    var bottom = Mix(below[(low * 3) + channel], below[(high * 3) + channel], weight);
                    output[(x * 3) + channel] = (byte)(Mix(top, bottom, rows[y].Weight) + 0.5f);
                }
            }
        }

        return result;
    }

    private static float Mix(float low, float high, float weight) => low + ((high - low) * weight);

    private static (int Low, int High, float Weight)[] Taps(int count, double span, int available)
    {
        var taps = new (int, int, float)[count];
        for (var i = 0; i < count; i++)
        {
            var position = Math.Clamp(((i + 0.5) * span / count) - 0.5, 0, available - 1);
            var low = (int)position;
            taps[i] = (low, Math.Min(low + 1, available - 1), (float)(position - low));
        }

        return taps;
    }
}
