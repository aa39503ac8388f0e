namespace FaceSearch.Infrastructure.FaceEngine.Detection;

/// <summary>
/// How the levels of a picture's pyramid are laid out in one picture, so that a fully convolutional detector finds
/// faces of every size in one run. Each level is 5/6 of the one above. dlib/image_transforms/image_pyramid.h,
/// compute_tiled_image_pyramid_details and tiled_pyramid_to_image, with pyramid_down&lt;6&gt;.
/// </summary>
internal sealed class PyramidLayout
{
    private const double Rate = 5.0 / 6;
    private const int LeastRows = 5;

    private readonly int firstLevel;

    /// <param name="skipFullSize">Leaves out the picture itself and begins with 5/6 of it.</param>
    public PyramidLayout(int width, int height, int padding, int outerPadding, bool skipFullSize)
    {
        firstLevel = skipFullSize ? 1 : 0;
        var sizes = Sizes(width, height, firstLevel);
        var columnHeight = FirstColumnHeight(sizes, padding);
        Width = (sizes.Count == 0 ? 0 : sizes[0].Columns) + (2 * outerPadding);
        Height = columnHeight + (2 * outerPadding);
        Tiles = Place(sizes, columnHeight, padding, outerPadding);
    }

    public int Width { get; }

    public int Height { get; }

    /// <summary>Largest level first.</summary>
    public IReadOnlyList<Tile> Tiles { get; }

    /// <summary>Maps a box of the tiled picture to whole pixels of the original, by the tile its centre is nearest to.</summary>
    public (int Left, int Top, int Right, int Bottom) ToPicture(double left, double top, double right, double bottom)
    {
        var tile = Nearest(Round((left + right) / 2), Round((top + bottom) / 2));
        var (x, y) = (Tiles[tile].Left, Tiles[tile].Top);
        var levels = tile + firstLevel;
        return (Up(left - x, levels), Up(top - y, levels), Up(right - x, levels), Up(bottom - y, levels));
    }

    private static List<(int Columns, int Rows)> Sizes(int width, int height, int firstLevel)
    {
        var sizes = new List<(int, int)>();
        for (var level = 0; level == 0 || (width > 0 && height >= LeastRows); level++)
        {
            if (level >= firstLevel)
                sizes.Add((width, height));

            (width, height) = ((int)Math.Floor(Rate * width), (int)Math.Floor(Rate * height));
        }

        return sizes;
    }

    /// <summary>The first column takes levels until the next fits beside the last and half of the height is placed.</summary>
    private static int FirstColumnHeight(List<(int Columns, int Rows)> sizes, int padding)
    {
        if (sizes.Count == 0)
            return 0;

        var total = sizes.Sum(size => size.Rows + padding) - (2 * padding);
        var (height, previousWidth) = (0, 0);
        foreach (var (columns, rows) in sizes)
        {
            if (columns <= sizes[0].Columns - previousWidth - padding
                && (height - sizes[0].Rows) * 2 >= total - sizes[0].Rows)
                break;

            height += rows + padding;
            previousWidth = columns;
        }

        return height - padding;
    }

    private static List<Tile> Place(List<(int Columns, int Rows)> sizes, int columnHeight, int padding, int outerPadding)
    {
        var tiles = new List<Tile>(sizes.Count);
        var y = outerPadding;
        while (y < columnHeight + outerPadding && tiles.Count < sizes.Count)
        {
            var (columns, rows) = sizes[tiles.Count];
            tiles.Add(new Tile(outerPadding, y, columns, rows));
            y += rows + padding;
        }

        // Then from the bottom up, along the right side.
        y -= padding;
        while (tiles.Count < sizes.Count)
        {
            var (columns, rows) = sizes[tiles.Count];
            var tile = new Tile(outerPadding + sizes[0].Columns - columns, y - rows, columns, rows);
            if (tile.Overlaps(tiles[0]))
                break;

            tiles.Add(tile);
            y -= rows + padding;
        }

        return tiles;
    }

    private int Nearest(int x, int y)
    {
        var (nearest, least) = (0, double.PositiveInfinity);
        for (var i = 0; i < Tiles.Count; i++)
        {
            var distance = Tiles[i].Distance(x, y);
            if (distance == 0)
                return i;

            if (distance < least)
                (nearest, least) = (i, distance);
        }

        return nearest;
    }

    private static int Up(double position, int levels)
    {
        for (var level = 0; level < levels; level++)
            position = (position * 1.2) + 0.3;

        return Round(position);
    }

    private static int Round(double position) => (int)Math.Floor(position + 0.5);
}

/// <summary>A level's place, in pixels of the tiled picture.</summary>
internal readonly record struct Tile(int Left, int Top, int Columns, int Rows)
{
    public int Right => Left + Columns - 1;

    public int Bottom => Top + Rows - 1;

    public bool Overlaps(in Tile other) =>
        Left <= other.Right && other.Left <= Right && Top <= other.Bottom && other.Top <= Bottom;

    /// <summary>0 inside.</summary>
    public double Distance(int x, int y) =>
        Math.Sqrt(Square(x - Math.Clamp(x, Left, Right)) + Square(y - Math.Clamp(y, Top, Bottom)));

    private static double Square(double value) => value * value;
}
