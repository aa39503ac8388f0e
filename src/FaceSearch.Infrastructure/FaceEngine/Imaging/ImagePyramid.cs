namespace FaceSearch.Infrastructure.FaceEngine.Imaging;

/// <summary>Halving and doubling of pictures byte for byte as dlib does it (pyramid_down&lt;2&gt; and pyramid_up).</summary>
internal static class ImagePyramid
{
    /// <summary>Below this many rows or columns a picture has no half.</summary>
    private const int LeastSize = 9;

    /// <summary>
    /// Smooths with the binomial filter 1 4 6 4 1 and keeps every other pixel, two from the border.
    /// dlib/image_transforms/image_pyramid.h, pyramid_down_2_1.
    /// </summary>
    /// <returns>Null for a picture that is too small.</returns>
    public static RgbImage? Halve(RgbImage image) =>
        Halve(image.Pixels, image.Width * 3, image.Width, image.Height);

    /// <param name="pixels">From the first pixel of the part on.</param>
    /// <param name="stride">Bytes from row to row.</param>
    public static RgbImage? Halve(ReadOnlySpan<byte> pixels, int stride, int width, int height)
    {
        if (width < LeastSize || height < LeastSize)
            return null;

        var half = new RgbImage((width - 3) / 2, (height - 3) / 2);
        var rowBytes = half.Width * 3;
        // Five filtered rows in turn: row r is kept at r % 5.
        var filtered = new ushort[5 * rowBytes];
        for (int row = 0, next = 0; row < half.Height; row++)
        {
            for (; next < (2 * row) + 5; next++)
                FilterRow(pixels[(next * stride)..], filtered.AsSpan(next % 5 * rowBytes, rowBytes));

            var target = half.Pixels.Slice(row * rowBytes, rowBytes);
            var (a, b, c, d, e) = (Row(0), Row(1), Row(2), Row(3), Row(4));
            for (var i = 0; i < target.Length; i++)
                target[i] = (byte)((filtered[a + i] + (4 * filtered[b + i]) + (6 * filtered[c + i])
                    + (4 * filtered[d + i]) + filtered[e + i]) >> 8);

            int Row(int offset) => ((2 * row) + offset) % 5 * rowBytes;
        }

        return half;
    }

    /// <summary>A picture of 2w + 2 by 2h + 1 pixels, bilinear, corners on corners, fractions cut off.</summary>
    public static RgbImage Double(RgbImage image)
    {
        var twice = new RgbImage(checked((2 * image.Width) + 2), checked((2 * image.Height) + 1));
        var grid = new BilinearGrid(image.Width, twice.Width);
        var scale = BilinearGrid.Scale(image.Height, twice.Height);
        var y = -scale;
        for (var row = 0; row < twice.Height; row++)
        {
            y += scale;
            var top = (int)Math.Floor(y);
            var bottom = Math.Min(top + 1, image.Height - 1);
            DoubleRow(Row(image, top), Row(image, bottom), y - top, grid, Row(twice, row));
        }

        return twice;
    }

    /// <summary>Where a point of the picture lies in its half.</summary>
    public static (double X, double Y) Down(double x, double y) => ((x / 2) - 1.25, (y / 2) - 0.75);

    /// <summary>Where a point of the half lies in the picture.</summary>
    public static (double X, double Y) Up(double x, double y) => ((x + 1.25) * 2, (y + 0.75) * 2);

    private static Span<byte> Row(RgbImage image, int row) =>
        image.Pixels.Slice(row * image.Width * 3, image.Width * 3);

    private static void FilterRow(ReadOnlySpan<byte> source, Span<ushort> target)
    {
        for (int i = 0, from = 0; i < target.Length; i += 3, from += 6)
        {
            for (var channel = 0; channel < 3; channel++)
            {
                var s = source.Slice(from + channel, 13);
                target[i + channel] = (ushort)(s[0] + (4 * s[3]) + (6 * s[6]) + (4 * s[9]) + s[12]);
            }
        }
    }

    private static void DoubleRow(
        ReadOnlySpan<byte> top, ReadOnlySpan<byte> bottom, double below, BilinearGrid grid, Span<byte> target)
    {
        var (lower, upper) = ((float)below, (float)(1 - below));
        for (var column = 0; column < grid.LaneColumns; column++)
        {
            var right = grid.SingleFraction[column];
            var left = 1 - right;
            float a = upper * left, b = upper * right, c = lower * left, d = lower * right;
            var from = grid.Left[column] * 3;
            for (var channel = 0; channel < 3; channel++, from++)
                target[(column * 3) + channel] =
                    (byte)((((a * top[from]) + (b * top[from + 3])) + (c * bottom[from])) + (d * bottom[from + 3]));
        }

        for (var column = grid.LaneColumns; column < grid.Left.Length; column++)
        {
            var right = grid.Fraction[column];
            var from = grid.Left[column] * 3;
            var next = Math.Min(from + 3, top.Length - 3);
            for (var channel = 0; channel < 3; channel++, from++, next++)
                target[(column * 3) + channel] = (byte)(
                    ((1 - below) * (((1 - right) * top[from]) + (right * top[next])))
                    + (below * (((1 - right) * bottom[from]) + (right * bottom[next]))));
        }
    }
}
