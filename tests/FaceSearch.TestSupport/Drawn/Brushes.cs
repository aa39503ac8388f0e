using SkiaSharp;

namespace FaceSearch.TestSupport.Drawn;

/// <summary>Paints, outlines and colours. The caller disposes the returned objects.</summary>
internal static class Brushes
{
    public static SKPath Almond(float width, float height)
    {
        using var builder = new SKPathBuilder();
        builder.MoveTo(-width, 0);
        builder.QuadTo(0, -height * 2.1f, width, 0);
        builder.QuadTo(0, height * 1.7f, -width, 0);
        builder.Close();
        return builder.Detach();
    }

    public static SKPath Curve(SKPoint from, SKPoint control, SKPoint to)
    {
        using var builder = new SKPathBuilder();
        builder.MoveTo(from);
        builder.QuadTo(control, to);
        return builder.Detach();
    }

    /// <summary>A closed curve whose corners are rounded: each point pulls it, the middles of the sides are on it.</summary>
    public static SKPath Shape(params ReadOnlySpan<SKPoint> points)
    {
        using var builder = new SKPathBuilder();
        builder.MoveTo(Middle(points[^1], points[0]));
        for (var i = 0; i < points.Length; i++)
            builder.QuadTo(points[i], Middle(points[i], points[(i + 1) % points.Length]));

        builder.Close();
        return builder.Detach();
    }

    private static SKPoint Middle(SKPoint a, SKPoint b) => new((a.X + b.X) / 2, (a.Y + b.Y) / 2);

    public static SKPaint Fill(SKColor color) => new() { Color = color, IsAntialias = true };

    public static SKPaint Stroke(SKColor color, float width) =>
        new() { Color = color, IsAntialias = true, IsStroke = true, StrokeWidth = width, StrokeCap = SKStrokeCap.Round };

    public static SKColor Darker(SKColor color, float share) =>
        new((byte)(color.Red * share), (byte)(color.Green * share), (byte)(color.Blue * share));

    public static SKColor Lighter(SKColor color, float factor) => new(
        (byte)Math.Min(255, color.Red * factor), (byte)Math.Min(255, color.Green * factor), (byte)Math.Min(255, color.Blue * factor));

    public static SKColor Mix(SKColor a, SKColor b, float share) => new(
        (byte)(a.Red + ((b.Red - a.Red) * share)), (byte)(a.Green + ((b.Green - a.Green) * share)), (byte)(a.Blue + ((b.Blue - a.Blue) * share)));
}
