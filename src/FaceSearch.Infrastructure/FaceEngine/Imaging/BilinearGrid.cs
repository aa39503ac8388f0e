namespace FaceSearch.Infrastructure.FaceEngine.Imaging;

/// <summary>
/// Where each column of a resized picture comes from, as in dlib's resize_image (image_transforms/interpolation.h):
/// corners on corners, four columns at a time in single precision with the position summed up lane by lane, the last
/// few columns in double precision. The rounding is part of what dlib's models were trained and tested on.
/// </summary>
internal sealed class BilinearGrid
{
    private const int Lanes = 4;

    public BilinearGrid(int fromColumns, int toColumns)
    {
        Left = new int[toColumns];
        Fraction = new double[toColumns];
        SingleFraction = new float[toColumns];
        var scale = Scale(fromColumns, toColumns);
        LaneColumns = FillLanes(scale, fromColumns);

        var x = -scale + (LaneColumns * scale);
        for (var column = LaneColumns; column < toColumns; column++)
        {
            x += scale;
            Left[column] = (int)Math.Floor(x);
            Fraction[column] = x - Left[column];
            SingleFraction[column] = (float)Fraction[column];
        }
    }

    /// <summary>The nearest source column that is not to the right. The next one may lie outside: clamp it.</summary>
    public int[] Left { get; }

    /// <summary>How far right of it, 0 to 1; only right of the lanes' columns.</summary>
    public double[] Fraction { get; }

    /// <summary>The same in single precision, for every column.</summary>
    public float[] SingleFraction { get; }

    /// <summary>How many columns are computed in single precision.</summary>
    public int LaneColumns { get; }

    /// <summary>Source pixels per target pixel.</summary>
    public static double Scale(int from, int to) => (from - 1) / (double)Math.Max(to - 1, 1);

    private int FillLanes(double scale, int fromColumns)
    {
        Span<float> x = stackalloc float[Lanes];
        for (var lane = 0; lane < Lanes; lane++)
            x[lane] = (float)((-Lanes * scale) + (lane * scale));

        var step = (float)(Lanes * scale);
        for (var column = 0; ; column += Lanes)
        {
            for (var lane = 0; lane < Lanes; lane++)
                x[lane] += step;

            if ((int)x[Lanes - 1] + 1 >= fromColumns || column + Lanes > Left.Length)
                return column;

            for (var lane = 0; lane < Lanes; lane++)
            {
                Left[column + lane] = (int)x[lane];
                SingleFraction[column + lane] = x[lane] - (int)x[lane];
            }
        }
    }
}
