using FaceSearch.Domain.Faces;

namespace FaceSearch.Infrastructure.FaceEngine.Alignment;

/// <summary>
/// Turn, uniform scale and shift in the plane: <c>(x, y)</c> goes to <c>(A x - B y + X, B x + A y + Y)</c>, where
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
    public static SimilarityTransform? Estimate(IReadOnlyList<Landmark> source, IReadOnlyList<Landmark> target)
    {
        if (source.Count == 0 || source.Count != target.Count)
            throw new ArgumentException("As many target points as source points, at least one.", nameof(target));

        var (sourceX, sourceY) = Centre(source);
        var (targetX, targetY) = Centre(target);
        double spread = 0, real = 0, imaginary = 0;
        for (var i = 0; i < source.Count; i++)
        {
            double x = source[i].X - sourceX, y = source[i].Y - sourceY;
            double u = target[i].X - targetX, v = target[i].Y - targetY;
            spread += (x * x) + (y * y);
            real += (x * u) + (y * v);
            imaginary += (x * v) - (y * u);
        }

        double a = real / spread, b = imaginary / spread;
        var transform = new SimilarityTransform(
            a, b, targetX - (a * sourceX) + (b * sourceY), targetY - (b * sourceX) - (a * sourceY));
        return double.IsFinite(transform.Scale) && transform.Scale > 1e-9 ? transform : null;
    }

    public (double X, double Y) Apply(double x, double y) => ((A * x) - (B * y) + X, (B * x) + (A * y) + Y);

    public SimilarityTransform Invert()
    {
        var square = (A * A) + (B * B);
        double a = A / square, b = -B / square;
        return new SimilarityTransform(a, b, (b * Y) - (a * X), -(b * X) - (a * Y));
    }

    private static (double X, double Y) Centre(IReadOnlyList<Landmark> points) =>
        (points.Average(point => (double)point.X), points.Average(point => (double)point.Y));
}
