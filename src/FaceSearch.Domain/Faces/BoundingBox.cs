namespace FaceSearch.Domain.Faces;

/// <summary>
/// A face's rectangle in whole pixels of the upright picture. A detector's, and one that an earlier version stored, may
/// reach past the picture's border.
/// </summary>
public readonly record struct BoundingBox(int X, int Y, int Width, int Height)
{
    /// <summary>Pixels; what counts as a face's size.</summary>
    public int LongerSide => Math.Max(Width, Height);

    public long Area => (long)Width * Height;

    /// <summary>Whether a face of a picture of this size may have the box: it shows some of the picture and is not much larger.</summary>
    public bool IsIn(int width, int height) =>
        Width > 0 && Height > 0
        && LongerSide <= 2L * Math.Max(width, height)
        && OverlapWith(new BoundingBox(0, 0, width, height)) > 0;

    /// <summary>The part inside a picture; of a box outside of it, the nearest pixel.</summary>
    /// <param name="width">Pixels of the upright picture, at least 1, as its height.</param>
    public BoundingBox ClipTo(int width, int height)
    {
        var (left, right) = Clip(X, Width, width);
        var (top, bottom) = Clip(Y, Height, height);
        return new BoundingBox(left, top, right - left, bottom - top);
    }

    /// <summary>Intersection over union: 0 for boxes that have nothing in common, 1 for equal ones.</summary>
    public double OverlapWith(BoundingBox other)
    {
        var width = Math.Min((long)X + Width, (long)other.X + other.Width) - Math.Max(X, other.X);
        var height = Math.Min((long)Y + Height, (long)other.Y + other.Height) - Math.Max(Y, other.Y);
        if (width <= 0 || height <= 0)
            return 0;

        double common = width * height;
        return common / (Area + other.Area - common);
    }

    private static (int Start, int End) Clip(int start, int length, int limit)
    {
        var from = Math.Clamp(start, 0, limit - 1);
        return (from, (int)Math.Clamp((long)start + length, from + 1, limit));
    }
}
