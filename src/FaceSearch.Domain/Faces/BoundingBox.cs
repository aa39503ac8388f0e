namespace FaceSearch.Domain.Faces;

/// <summary>A face's rectangle in whole pixels of the upright picture. It may reach past the picture's border.</summary>
public readonly record struct BoundingBox(int X, int Y, int Width, int Height)
{
    public long Area => (long)Width * Height;
}
