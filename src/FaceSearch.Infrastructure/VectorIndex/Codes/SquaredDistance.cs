using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace FaceSearch.Infrastructure.VectorIndex.Codes;

/// <summary>
/// The one definition of distance in the index: sum of (a[i] - b[i])^2 in double precision.
/// </summary>
/// <remarks>
/// Floating-point sums depend on their order, so the order is part of the definition and every width keeps it:
/// 16 lanes, lane j sums the elements i with i % 16 = j in ascending order, each difference squared and added
/// without fused multiply-add; then lane j takes in lane j + 8, then j + 4, j + 2, j + 1. All paths therefore answer
/// the same bits, and a search gives the same ids in the same order on every processor.
/// The float differences are exact in double unless their exponents lie more than 29 apart; no finite floats overflow.
/// </remarks>
internal static class SquaredDistance
{
    /// <summary>Lengths are multiples of this; zeros fill a shorter vector and change nothing.</summary>
    public const int Lanes = 16;

    public static int Padded(int length) => (length + Lanes - 1) / Lanes * Lanes;

    /// <param name="a">A vector of a multiple of <see cref="Lanes"/> finite floats.</param>
    /// <param name="b">At least as long as <paramref name="a"/>.</param>
    public static double Between(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(b.Length, a.Length);
        ArgumentOutOfRangeException.ThrowIfNotEqual(a.Length % Lanes, 0);
        if (Vector512.IsHardwareAccelerated)
            return ByVector512(a, b);

        if (Vector256.IsHardwareAccelerated)
            return ByVector256(a, b);

        return Vector128.IsHardwareAccelerated ? ByVector128(a, b) : ByScalar(a, b);
    }

    internal static double ByVector512(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        var lanes0 = Vector512<double>.Zero;
        var lanes8 = Vector512<double>.Zero;
        for (var i = 0; i < a.Length; i += Lanes)
        {
            lanes0 += Square(Widen512(a, i) - Widen512(b, i));
            lanes8 += Square(Widen512(a, i + 8) - Widen512(b, i + 8));
        }

        var eight = lanes0 + lanes8;
        return Fold(eight.GetLower() + eight.GetUpper());
    }

    internal static double ByVector256(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        var (lanes0, lanes4) = (Vector256<double>.Zero, Vector256<double>.Zero);
        var (lanes8, lanes12) = (Vector256<double>.Zero, Vector256<double>.Zero);
        for (var i = 0; i < a.Length; i += Lanes)
        {
            lanes0 += Square(Widen256(a, i) - Widen256(b, i));
            lanes4 += Square(Widen256(a, i + 4) - Widen256(b, i + 4));
            lanes8 += Square(Widen256(a, i + 8) - Widen256(b, i + 8));
            lanes12 += Square(Widen256(a, i + 12) - Widen256(b, i + 12));
        }

        return Fold(lanes0 + lanes8 + (lanes4 + lanes12));
    }

    internal static double ByVector128(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        Vector128<double> lanes0 = default, lanes2 = default, lanes4 = default, lanes6 = default;
        Vector128<double> lanes8 = default, lanes10 = default, lanes12 = default, lanes14 = default;
        for (var i = 0; i < a.Length; i += Lanes)
        {
            lanes0 += Square(Widen128(a, i) - Widen128(b, i));
            lanes2 += Square(Widen128(a, i + 2) - Widen128(b, i + 2));
            lanes4 += Square(Widen128(a, i + 4) - Widen128(b, i + 4));
            lanes6 += Square(Widen128(a, i + 6) - Widen128(b, i + 6));
            lanes8 += Square(Widen128(a, i + 8) - Widen128(b, i + 8));
            lanes10 += Square(Widen128(a, i + 10) - Widen128(b, i + 10));
            lanes12 += Square(Widen128(a, i + 12) - Widen128(b, i + 12));
            lanes14 += Square(Widen128(a, i + 14) - Widen128(b, i + 14));
        }

        return Fold(lanes0 + lanes8 + (lanes4 + lanes12) + (lanes2 + lanes10 + (lanes6 + lanes14)));
    }

    internal static double ByScalar(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        Span<double> lanes = stackalloc double[Lanes];
        for (var i = 0; i < a.Length; i++)
        {
            var difference = (double)a[i] - b[i];
            lanes[i % Lanes] += difference * difference;
        }

        for (var half = Lanes / 2; half > 0; half /= 2)
        {
            for (var j = 0; j < half; j++)
                lanes[j] += lanes[j + half];
        }

        return lanes[0];
    }

    private static double Fold(Vector256<double> four) => Fold(four.GetLower() + four.GetUpper());

    private static double Fold(Vector128<double> two) => two[0] + two[1];

    private static Vector512<double> Square(Vector512<double> x) => x * x;

    private static Vector256<double> Square(Vector256<double> x) => x * x;

    private static Vector128<double> Square(Vector128<double> x) => x * x;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<double> Widen512(ReadOnlySpan<float> values, int start) =>
        Vector512.WidenLower(Vector256.Create(values.Slice(start, 8)).ToVector512Unsafe());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<double> Widen256(ReadOnlySpan<float> values, int start) =>
        Vector256.WidenLower(Vector128.Create(values.Slice(start, 4)).ToVector256Unsafe());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<double> Widen128(ReadOnlySpan<float> values, int start) =>
        Vector128.Create(values[start], (double)values[start + 1]);
}
