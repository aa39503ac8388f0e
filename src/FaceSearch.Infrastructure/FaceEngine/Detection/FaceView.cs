using FaceSearch.Domain.Faces;
using FaceSearch.Infrastructure.FaceEngine.Imaging;

namespace FaceSearch.Infrastructure.FaceEngine.Detection;

/// <summary>
/// A found face alone, for a second look: in the middle of a square view, at one size. What lies beyond the picture is
/// black. Dispose it.
/// </summary>
internal sealed class FaceView : IDisposable
{
    /// <param name="box">The face in the picture.</param>
    /// <param name="side">Pixels of the view's side.</param>
    /// <param name="size">Pixels of the face's longer side in the view.</param>
    public FaceView(RgbImage image, in BoundingBox box, int side, double size)
    {
        var scale = box.LongerSide / size;
        var (width, height) = (box.Width / scale, box.Height / scale);
        var (x, y) = (box.X + (box.Width / 2.0), box.Y + (box.Height / 2.0));
        var toPicture = new SimilarityTransform(scale, 0, x - (scale * side / 2), y - (scale * side / 2));
        Image = new RgbImage(side, side);
        ChipSampler.Sample(image, toPicture, Image.Pixels, side);
        var ((left, right), (top, bottom)) = (Middle(side, width), Middle(side, height));
        Face = new BoundingBox(left, top, Math.Max(1, right - left), Math.Max(1, bottom - top));
    }

    public RgbImage Image { get; }

    /// <summary>Where the face is expected.</summary>
    public BoundingBox Face { get; }

    public void Dispose() => Image.Dispose();

    private static (int Start, int End) Middle(int side, double length) =>
        ((int)Math.Round((side / 2) - (length / 2)), (int)Math.Round((side / 2) + (length / 2)));
}
