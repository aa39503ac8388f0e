namespace FaceSearch.Infrastructure.VectorIndex.Codes;

/// <summary>
/// A probe as one segment's scan uses it: signed bytes relative to the segment's centre, and the numbers that turn an
/// integer product of codes into an upper bound on an inner product. Reused from segment to segment; not thread-safe.
/// </summary>
/// <remarks>
/// w is the probe and y a row, both less the centre c; y = a u + r with half-integer u and |r| = e; w = s v + g with
/// integer v in -127..127. Then, by Cauchy-Schwarz,
/// <c>|w - y|^2 = |w|^2 + |y|^2 - 2 w.y</c> and <c>w.y = a s (v.u) + a (g.u) + w.r &lt;= a s (v.u) + |g| |a u| + |w| e</c>.
/// A row can be within t of the probe only if the right side less |y|^2 / 2 reaches <c>(|w|^2 - t^2) / 2</c>.
/// See docs/decisions/0010-exact-index.md for the rounding errors.
/// </remarks>
internal sealed class ProbeCode(int stride)
{
    private const int Levels = 127;

    private readonly double[] centred = new double[stride];
    private readonly sbyte[] codes = new sbyte[stride];
    private double squaredNorm;
    private double norm;
    private double error;

    /// <summary>Four dimensions an element, in the order in which a row's low and high nibbles hold them.</summary>
    public ReadOnlySpan<sbyte> Codes => codes;

    public float Scale { get; private set; }

    /// <summary>What an integer product is too large by, as codes are 0 to 15 and not -7.5 to 7.5.</summary>
    public float Offset { get; private set; }

    public float Norm { get; private set; }

    public void Encode(ReadOnlySpan<float> probe, ReadOnlySpan<float> centre)
    {
        squaredNorm = 0;
        var largest = 0.0;
        for (var i = 0; i < centred.Length; i++)
        {
            var value = (double)probe[i] - centre[i];
            centred[i] = value;
            squaredNorm += value * value;
            largest = Math.Max(largest, Math.Abs(value));
        }

        norm = Math.Sqrt(squaredNorm);
        Norm = RowQuantizer.RoundUp(norm);
        Scale = (float)(largest / Levels);
        Quantise(Scale > 0 ? 1 / (double)Scale : 0);
    }

    /// <summary>The bound below which no row of the segment is as near as a distance.</summary>
    /// <param name="squaredDistance">May be infinite.</param>
    /// <param name="reach">At least the norm of every row and of every decoded row, less the centre.</param>
    public float Threshold(double squaredDistance, double reach) =>
        MathF.BitDecrement((float)((squaredNorm - squaredDistance) / 2 - Slack(reach)));

    /// <summary>The squared distance that a row with this bound has at least; minus infinity if nothing is known.</summary>
    public double LeastSquaredDistance(float bound, double reach)
    {
        var least = squaredNorm - 2 * (bound + Slack(reach));
        return double.IsNaN(least) ? double.NegativeInfinity : least;
    }

    /// <summary>What a bound may fall short by: the probe's own quantisation and the rounding of the scan.</summary>
    private double Slack(double reach)
    {
        var magnitude = (norm + 2 * reach) * (norm + 2 * reach);
        return magnitude < 1e30 ? error * reach + 1e-6 * magnitude + 1e-36 : double.PositiveInfinity;
    }

    private void Quantise(double step)
    {
        var (squaredError, sum) = (0.0, 0);
        for (var i = 0; i < codes.Length; i++)
        {
            var code = (sbyte)Math.Clamp(Math.Round(centred[i] * step), -Levels, Levels);
            var difference = centred[i] - (double)Scale * code;
            squaredError += difference * difference;
            sum += code;
            codes[i] = code;
        }

        error = Math.Sqrt(squaredError) * (1 + 1e-10);
        Offset = sum * 7.5f;
    }
}
