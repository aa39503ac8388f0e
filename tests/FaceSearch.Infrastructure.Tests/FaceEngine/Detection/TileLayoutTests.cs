using FaceSearch.Infrastructure.FaceEngine.Detection;

namespace FaceSearch.Infrastructure.Tests.FaceEngine.Detection;

public sealed class TileLayoutTests
{
    private const int ViewWidth = 320, ViewHeight = 240, MaxPixels = 1280 * 960;

    [TestCase(320, 240, 1)]
    [TestCase(250, 250, 1)]
    [TestCase(100, 20, 1)]
    [TestCase(640, 480, 2)]
    [TestCase(1280, 960, 3)]
    [TestCase(4000, 3000, 3)]
    public void Sizes_Picture_AsManyAsItNeeds(int width, int height, int sizes) =>
        Assert.That(Sizes(width, height), Has.Count.EqualTo(sizes));

    [Test]
    public void Sizes_AnyPicture_FirstFitsAViewAndNoneIsLargerThanThePicture([ValueSource(nameof(Shapes))] (int Width, int Height) shape)
    {
        var sizes = Sizes(shape.Width, shape.Height);

        Assert.That(sizes[0].Width, Is.LessThanOrEqualTo(ViewWidth));
        Assert.That(sizes[0].Height, Is.LessThanOrEqualTo(ViewHeight));
        Assert.That(sizes, Has.All.Matches<(int Width, int Height)>(size => size.Width <= shape.Width && size.Height <= shape.Height));
        Assert.That(sizes.Select(size => (long)size.Width * size.Height), Is.Ordered);
        Assert.That(sizes[^1].Width * (long)sizes[^1].Height, Is.LessThanOrEqualTo(1.01 * MaxPixels));
    }

    // The number of views: 35 for a photograph of 4:3, 130 for the longest strip that is decoded.
    [Test]
    public void Sizes_AnyPicture_ViewsAreBounded([ValueSource(nameof(Shapes))] (int Width, int Height) shape)
    {
        var views = Sizes(shape.Width, shape.Height)
            .Sum(size => TileLayout.Starts(size.Width, ViewWidth).Count() * TileLayout.Starts(size.Height, ViewHeight).Count());

        Assert.That(views, Is.LessThanOrEqualTo(130));
    }

    [Test]
    public void Sizes_Photograph_ViewsAreThirtyFive() => Assert.That(
        Sizes(4000, 3000).Sum(size =>
            TileLayout.Starts(size.Width, ViewWidth).Count() * TileLayout.Starts(size.Height, ViewHeight).Count()),
        Is.EqualTo(35));

    [Test]
    public void Starts_AnyLength_CoverItAndOverlapByAQuarter()
    {
        for (var length = 1; length < 3000; length++)
        {
            var starts = TileLayout.Starts(length, ViewHeight).ToArray();
            Assert.That(starts[0], Is.Zero);
            Assert.That(starts[^1], Is.EqualTo(Math.Max(0, length - ViewHeight)));
            for (var i = 1; i < starts.Length; i++)
                Assert.That(starts[i] - starts[i - 1], Is.InRange(1, (ViewHeight * 3 / 4) + 1), $"{length}");
        }
    }

    private static List<(int Width, int Height)> Sizes(int width, int height) =>
        [.. TileLayout.Sizes(width, height, ViewWidth, ViewHeight, MaxPixels)];

    private static IEnumerable<(int Width, int Height)> Shapes() =>
    [
        (1, 1), (1, 32768), (32768, 1), (32768, 1200), (250, 250), (321, 240), (1920, 1080), (3000, 4000), (8000, 5000),
    ];
}
