using System.Numerics;

namespace FaceSearch.Infrastructure.VectorIndex.Codes;

/// <summary>
/// Four-bit codes of a row: y is about a * (c - 7.5), with the step a chosen for this row.
/// </summary>
/// <remarks>
/// A uniform quantiser in the manner of Extended RaBitQ (Gao et al., 2024): several steps are tried, the codes that
/// point most nearly in the row's direction are kept, and a is their least-squares scale. The error norm is then
/// computed in double precision from the very numbers a scan uses, so the bound holds whatever was chosen here.
/// </remarks>
internal static class RowQuantizer
{
    private const int Levels = 16;
    private const float Middle = (Levels - 1) / 2f;

    /// <summary>Steps in units of the row's root mean square; 0.34 is best for a normal, 0.22 for a uniform spread.</summary>
    private static ReadOnlySpan<float> Steps => [0.20f, 0.23f, 0.26f, 0.29f, 0.32f, 0.35f, 0.38f, 0.42f, 0.48f];

    /// <param name="row">The embedding, filled up with zeros.</param>
    /// <param name="centre">The vector that is subtracted from each row of the segment; as long as the row.</param>
    /// <param name="length">How many of the row's values are real.</param>
    /// <param name="codes">Receives one code, 0 to 15, a dimension; as long as the row.</param>
    public static RowFactors Encode(ReadOnlySpan<float> row, ReadOnlySpan<float> centre, int length, Span<byte> codes)
    {
        Span<float> centred = stackalloc float[row.Length];
        var squaredNorm = 0.0;
        for (var i = 0; i < length; i++)
        {
            var value = (double)row[i] - centre[i];
            centred[i] = (float)value;
            squaredNorm += value * value;
        }

        var (step, scale) = Fit(centred, (float)Math.Sqrt(squaredNorm / length));
        codes.Clear();
        var squaredError = 0.0;
        for (var i = 0; i < length; i++)
        {
            codes[i] = (byte)(Math.Clamp(MathF.Floor(centred[i] * step), -Levels / 2, Levels / 2 - 1) + Levels / 2);
            var error = (double)row[i] - centre[i] - (double)scale * (codes[i] - Middle);
            squaredError += error * error;
        }

        return new RowFactors(scale, RoundUp(Math.Sqrt(squaredError)), RoundDown(squaredNorm / 2));
    }

    /// <summary>The least float above a non-negative value and its rounding errors.</summary>
    public static float RoundUp(double value) => MathF.BitIncrement((float)(value * (1 + 1e-10)));

    private static float RoundDown(double value) =>
        MathF.Max(0, MathF.BitDecrement((float)Math.Min(value * (1 - 1e-10), float.MaxValue)));

    /// <summary>The reciprocal of the best step, and the scale that goes with its codes.</summary>
    private static (float Step, float Scale) Fit(ReadOnlySpan<float> centred, float rootMeanSquare)
    {
        if (!(rootMeanSquare > 1e-18f && rootMeanSquare < 1e18f))
            return (0, 0);

        var best = (Score: -1f, Step: 0f, Scale: 0f);
        foreach (var step in Steps)
        {
            var (product, squares) = Correlate(centred, 1 / (step * rootMeanSquare));
            if (product * (product / squares) > best.Score)
                best = (product * (product / squares), 1 / (step * rootMeanSquare), product / squares);
        }

        return (best.Step, RowFactors.Truncate(best.Scale));
    }

    /// <summary>The inner products of the quantised row with the row and with itself.</summary>
    private static (float Product, float Squares) Correlate(ReadOnlySpan<float> centred, float step)
    {
        var (low, high, half) = (new Vector<float>(-Levels / 2), new Vector<float>(Levels / 2 - 1), new Vector<float>(0.5f));
        var (product, squares) = (Vector<float>.Zero, Vector<float>.Zero);
        for (var i = 0; i < centred.Length; i += Vector<float>.Count)
        {
            var value = new Vector<float>(centred[i..]);
            var level = Vector.Min(Vector.Max(Vector.Floor(value * step), low), high) + half;
            product += value * level;
            squares += level * level;
        }

        return (Vector.Sum(product), Vector.Sum(squares));
    }
}
