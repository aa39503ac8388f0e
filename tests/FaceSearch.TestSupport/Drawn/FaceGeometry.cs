using SkiaSharp;

namespace FaceSearch.TestSupport.Drawn;

/// <summary>Positions on a head in a square. x and y are shares of half the face, from its centre.</summary>
/// <param name="pose">-1 to 1: the shift of the features to a side, as on a turned head.</param>
internal sealed class FaceGeometry(SKRect square, FaceTraits traits, float pose)
{
    /// <summary>Parts in front of the head's centre move farther.</summary>
    private readonly float turn = pose * 0.12f;

    public float Pose => pose;

    public float Size => square.Width;

    public float Middle => square.MidX;

    public float HalfWidth { get; } = square.Width * traits.FaceWidth / 2;

    public float HalfHeight { get; } = square.Width * traits.FaceHeight / 2;

    public float X(float x, float depth = 1) => square.MidX + ((x + (turn * depth)) * HalfWidth);

    public float Y(float y) => square.MidY + (Size * 0.01f) + (y * HalfHeight);

    public SKPoint Point(float x, float y, float depth = 1) => new(X(x, depth), Y(y));

    public SKPath Head(float grow = 1, float top = -1)
    {
        using var builder = new SKPathBuilder();
        const int Steps = 96;
        for (var i = 0; i < Steps; i++)
        {
            var (sin, cos) = MathF.SinCos(i * 2 * MathF.PI / Steps);
            var width = sin < 0
                ? 1 - ((1 - traits.Forehead) * -sin)
                : 1 - ((1 - traits.Jaw) * MathF.Pow(sin, 1.5f));
            var point = Point(cos * width * grow, (sin < 0 ? -sin * top : sin) * grow, 0);
            if (i == 0)
                builder.MoveTo(point);
            else
                builder.LineTo(point);
        }

        builder.Close();
        return builder.Detach();
    }

    public float NoseY => traits.EyeY + (traits.NoseLength * traits.EyeDistance * HalfWidth / HalfHeight);

    public float MouthY => NoseY + traits.MouthDrop;
}
