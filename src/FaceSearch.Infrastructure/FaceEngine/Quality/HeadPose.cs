using System.Numerics;
using FaceSearch.Domain.Faces;
using FaceSearch.Infrastructure.FaceEngine.Imaging;

namespace FaceSearch.Infrastructure.FaceEngine.Quality;

/// <summary>The pose of a head in degrees, estimated from a few landmarks.</summary>
/// <param name="Yaw">-90 to 90, positive to the viewer's right.</param>
/// <param name="Pitch">-60 to 60, positive up; 0 is the mean face looking into the camera.</param>
/// <param name="Roll">-180 to 180, positive clockwise as the viewer sees it.</param>
/// <remarks>
/// Scaled orthography (DeMenthon and Davis, "Model-based object pose in 25 lines of code", IJCV 1995): the mean face's
/// points, turned by yaw and pitch and projected, are brought onto the landmarks by turn, scale and shift, whose best
/// values have a closed form (see <see cref="SimilarityTransform"/>; the turn is the roll). Yaw and pitch are
/// those that leave the least error, found on a grid of 15 degrees and then by halving the step. A nose longer than
/// the mean and the detector's own errors make it an estimate: good enough to tell a portrait from a profile.
/// </remarks>
internal readonly record struct HeadPose(float Yaw, float Pitch, float Roll)
{
    private const int MaxYaw = 90, MaxPitch = 60, Grid = 15;

    private const double FinestStep = 0.2;

    /// <summary>
    /// Right eye, left eye, nose tip, corners of the mouth (the person's right first), in centimetres of the mean face:
    /// x to the viewer's right, y down, z to the viewer. MediaPipe's canonical_face_model.obj (Apache-2.0), vertices
    /// 33 and 133, 263 and 362, 1, 61, 291; an eye is the middle of its corners.
    /// </summary>
    private static readonly Vector3[] FivePoints =
    [
        new(-3.1511f, -2.6246f, 3.4657f), new(3.1511f, -2.6246f, 3.4657f), new(0, 1.1269f, 7.4756f),
        new(-2.4562f, 4.3426f, 4.2839f), new(2.4562f, 4.3426f, 4.2839f),
    ];

    /// <summary>dlib's five: outer and inner corner of the left eye and of the right one, base of the nose (vertex 2).</summary>
    private static readonly Vector3[] DlibPoints =
    [
        new(4.4459f, -2.6640f, 3.1734f), new(1.8564f, -2.5852f, 3.7579f),
        new(-4.4459f, -2.6640f, 3.1734f), new(-1.8564f, -2.5852f, 3.7579f), new(0, 2.0890f, 6.0583f),
    ];

    /// <param name="landmarks">YuNet's five, or dlib's 68, of which the same five are taken.</param>
    public static HeadPose OfFacialPoints(FaceLandmarks landmarks) => landmarks.Points is { Count: 68 } points
        ? Fit(FivePoints, [Mean(points, 36, 6), Mean(points, 42, 6), At(points[30]), At(points[48]), At(points[54])])
        : Fit(FivePoints, landmarks);

    /// <param name="landmarks">dlib's five or 68.</param>
    public static HeadPose OfDlibPoints(FaceLandmarks landmarks) =>
        landmarks.Points.Count == 68 ? OfFacialPoints(landmarks) : Fit(DlibPoints, landmarks);

    private static HeadPose Fit(Vector3[] model, FaceLandmarks landmarks)
    {
        if (landmarks.Points.Count != model.Length)
            throw new ArgumentException($"A pose needs {model.Length} or 68 points.", nameof(landmarks));

        return Fit(model, [.. landmarks.Points.Select(At)]);
    }

    private static HeadPose Fit(ReadOnlySpan<Vector3> model, ReadOnlySpan<Complex> points)
    {
        var best = Candidate.Of(model, points, 0, 0);
        for (var yaw = -MaxYaw; yaw <= MaxYaw; yaw += Grid)
        {
            for (var pitch = -MaxPitch; pitch <= MaxPitch; pitch += Grid)
                best = best.Or(Candidate.Of(model, points, yaw, pitch));
        }

        for (var step = Grid / 2.0; step > FinestStep; step /= 2)
        {
            var (yaw, pitch) = (best.Yaw, best.Pitch);
            for (var i = 0; i < 9; i++)
                best = best.Or(Candidate.Of(
                    model,
                    points,
                    Math.Clamp(yaw + (((i % 3) - 1) * step), -MaxYaw, MaxYaw),
                    Math.Clamp(pitch + (((i / 3) - 1) * step), -MaxPitch, MaxPitch)));
        }

        return new HeadPose((float)best.Yaw, (float)best.Pitch, (float)double.RadiansToDegrees(best.Turn.Phase));
    }

    private static Complex At(Landmark point) => new(point.X, point.Y);

    private static Complex Mean(IReadOnlyList<Landmark> points, int first, int count)
    {
        var sum = Complex.Zero;
        for (var i = first; i < first + count; i++)
            sum += At(points[i]);

        return sum / count;
    }

    /// <summary>A turned face, and how much of the landmarks' spread it explains: the more the better.</summary>
    /// <param name="Turn">Its angle is the roll.</param>
    private readonly record struct Candidate(double Yaw, double Pitch, Complex Turn, double Explained)
    {
        /// <summary>
        /// With the centred points s of the turned model and t of the picture the best turn and scale is
        /// sum(conj(s) t) / sum(|s|^2), and what it explains of sum(|t|^2) is |sum(conj(s) t)|^2 / sum(|s|^2).
        /// </summary>
        public static Candidate Of(ReadOnlySpan<Vector3> model, ReadOnlySpan<Complex> points, double yaw, double pitch)
        {
            var (sinYaw, cosYaw) = Math.SinCos(double.DegreesToRadians(yaw));
            var (sinPitch, cosPitch) = Math.SinCos(double.DegreesToRadians(pitch));
            Complex sum = default, product = default, target = default;
            var square = 0.0;
            for (var i = 0; i < model.Length; i++)
            {
                var point = model[i];
                var depth = (point.Z * cosYaw) - (point.X * sinYaw);
                var seen = new Complex((point.X * cosYaw) + (point.Z * sinYaw), (point.Y * cosPitch) - (depth * sinPitch));
                sum += seen;
                target += points[i];
                square += (seen.Real * seen.Real) + (seen.Imaginary * seen.Imaginary);
                product += Complex.Conjugate(seen) * points[i];
            }

            product -= Complex.Conjugate(sum) * target / model.Length;
            square -= ((sum.Real * sum.Real) + (sum.Imaginary * sum.Imaginary)) / model.Length;
            var explained = ((product.Real * product.Real) + (product.Imaginary * product.Imaginary)) / square;
            return new Candidate(yaw, pitch, product, explained);
        }

        public Candidate Or(in Candidate other) => other.Explained > Explained ? other : this;
    }
}
