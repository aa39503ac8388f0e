namespace FaceSearch.Infrastructure.FaceEngine.Detection;

/// <summary>
/// Splits a picture for a detector with a fixed input size. The first view is the whole picture. Each further scale is
/// about twice as large, in views that overlap by a quarter, up to the full size or the limit of pixels. A face of up
/// to a quarter of the view lies whole within some view of a size; a larger one is seen at a smaller size.
/// </summary>
internal static class TileLayout
{
    private const int OverlapShare = 4;

    /// <summary>The sizes the picture is scaled to, the smallest first. No size is larger than the picture.</summary>
    /// <param name="maxPixels">Of the largest size; sides shorter than a view's count as long as the view's.</param>
    public static IEnumerable<(int Width, int Height)> Sizes(
        int width, int height, int viewWidth, int viewHeight, double maxPixels)
    {
        var whole = Math.Min(1, Math.Min((double)viewWidth / width, (double)viewHeight / height));
        var pixels = (double)Math.Max(width, viewWidth) * Math.Max(height, viewHeight);
        var finest = Math.Max(whole, Math.Min(1, Math.Sqrt(maxPixels / pixels)));
        var steps = (int)Math.Ceiling(Math.Log2(finest / whole) - 0.4);
        for (var i = 0; i <= steps; i++)
        {
            var scale = steps == 0 ? whole : whole * Math.Pow(finest / whole, (double)i / steps);
            yield return (Math.Max(1, (int)Math.Round(width * scale)), Math.Max(1, (int)Math.Round(height * scale)));
        }
    }

    /// <summary>Where views start along one side, evenly spaced from edge to edge.</summary>
    public static IEnumerable<int> Starts(int length, int view)
    {
        var overlap = view / OverlapShare;
        var views = length <= view ? 1 : 1 + (int)Math.Ceiling((double)(length - view) / (view - overlap));
        for (var i = 0; i < views; i++)
            yield return views == 1 ? 0 : (int)Math.Round((double)i * (length - view) / (views - 1));
    }
}
