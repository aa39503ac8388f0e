using System.Numerics;
using FaceSearch.Domain.Faces;

namespace FaceSearch.Infrastructure.FaceEngine.Imaging;

/// <summary>
/// Rotation, uniform scaling and translation in the plane: <c>(x, y)</c> goes to <c>(A x - B y + X, B x + A y + Y)</c>, where
/// <c>A + iB</c> is the scale times the unit vector of the angle.
/// </summary>
internal readonly record struct SimilarityTransform(double A, double B, double X, double Y)
{
    /// <summary>Target lengths per source length; above 0.</summary>
    public double Scale => double.Hypot(A, B);

    /// <summary>
    /// The transform that brings the source points nearest to the target points in the least-squares sense.
    /// S. Umeyama, "Least-squares estimation of transformation parameters between two point patterns", IEEE TPAMI
    /// 13(4), 1991. In the plane its singular value decomposition has a closed form: with the points as centred
    /// complex numbers s and t, A + iB = sum(conj(s) t) / sum(|s|^2). It never mirrors.
    /// </summary>
    /// <returns>Null when the points fix no transform: all source points, or all target points, are one point.</returns>
    /// <exception cref="ArgumentException">The lists differ in length, or are empty.</exception>
    public static SimilarityTransform? Fit(ReadOnlySpan<Complex> source, ReadOnlySpan<Complex> target)
    {
        if (source.IsEmpty || source.Length != target.Length)
            throw new ArgumentException("The source and the target must have the same number of points, at least one.", nameof(target));

        var (sourceCentre, targetCentre) = (Mean(source), Mean(target));
        var spread = 0.0;
        var turn = Complex.Zero;
        for (var i = 0; i < source.Length; i++)
        {
            Complex from = source[i] - sourceCentre, to = target[i] - targetCentre;
            spread += (from.Real * from.Real) + (from.Imaginary * from.Imaginary);
            turn += Complex.Conjugate(from) * to;
        }

        turn /= spread;
        var shift = targetCentre - (turn * sourceCentre);
        var transform = new SimilarityTransform(turn.Real, turn.Imaginary, shift.Real, shift.Imaginary);
        return double.IsFinite(transform.Scale) && transform.Scale > 1e-9 ? transform : null;
    }

    /// <inheritdoc cref="Fit(ReadOnlySpan{Complex}, ReadOnlySpan{Complex})"/>
    public static SimilarityTransform? Estimate(IReadOnlyList<Landmark> source, IReadOnlyList<Landmark> target) =>
        Fit([.. source.Select(ToComplex)], [.. target.Select(ToComplex)]);

    public (double X, double Y) Apply(double x, double y) => ((A * x) - (B * y) + X, (B * x) + (A * y) + Y);

    public SimilarityTransform Invert()
    {
        var square = (A * A) + (B * B);
        double a = A / square, b = -B / square;
        return new SimilarityTransform(a, b, (b * Y) - (a * X), -(b * X) - (a * Y));
    }

    private static Complex ToComplex(Landmark point) => new(point.X, point.Y);

    private static Complex Mean(ReadOnlySpan<Complex> points)
    {
        var sum = Complex.Zero;
        foreach (var point in points)
            sum += point;

        return sum / points.Length;
    }
}
