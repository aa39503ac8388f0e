using FaceSearch.Domain.Faces;

namespace FaceSearch.Api.Contracts;

/// <summary>A face's rectangle in whole pixels of the upright picture (EXIF orientation applied).</summary>
public sealed record BoxResponse(int X, int Y, int Width, int Height)
{
    internal static BoxResponse From(BoundingBox box) => new(box.X, box.Y, box.Width, box.Height);
}
