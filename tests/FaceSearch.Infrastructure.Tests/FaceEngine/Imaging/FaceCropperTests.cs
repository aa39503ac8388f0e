using FaceSearch.Domain.Faces;
using FaceSearch.Infrastructure.FaceEngine.Imaging;
using FaceSearch.TestSupport;
using SkiaSharp;

namespace FaceSearch.Infrastructure.Tests.FaceEngine.Imaging;

public sealed class FaceCropperTests
{
    private static readonly FaceCropper Cropper = new(new ImageDecoder(40_000_000));

    [TestCase(40, 40, 20, 20, 35, 35, 30)]
    [TestCase(40, 40, 10, 20, 30, 35, 30, Description = "square, around the middle")]
    [TestCase(-5, -5, 20, 20, 0, 0, 30, Description = "moved in at the top left")]
    [TestCase(190, 90, 20, 20, 170, 70, 30, Description = "moved in at the bottom right")]
    [TestCase(0, 0, 200, 200, 50, 0, 100, Description = "no larger than the picture")]
    [TestCase(500, 500, 20, 20, 170, 70, 30, Description = "a box outside of the picture")]
    [TestCase(40, 40, 0, 0, 40, 40, 1)]
    public void Square_StaysInThePicture(int x, int y, int width, int height, int left, int top, int side) => Assert.That(
        FaceCropper.Square(new BoundingBox(x, y, width, height), 200, 100), Is.EqualTo((left, top, side)));

    [TestCase(16)]
    [TestCase(160)]
    [TestCase(1024)]
    public void Crop_AnySize_IsASquareJpegOfThatSize(int size)
    {
        var picture = DrawnPicture.Quarters(SKEncodedImageFormat.Png, 300, 200);

        using var crop = SKBitmap.Decode(Cropper.Crop(picture, new BoundingBox(10, 10, 60, 50), size).Value);

        Assert.That((crop.Width, crop.Height), Is.EqualTo((size, size)));
    }

    // Red above green when turned by EXIF's 6: the stored left is the upright top.
    [Test]
    public void Crop_TurnedByExif_IsUpright()
    {
        var jpeg = DrawnPicture.WithExif(
            DrawnPicture.Quarters(SKEncodedImageFormat.Jpeg, 400, 200), new ExifEntries().Orientation(6));

        using var crop = SKBitmap.Decode(Cropper.Crop(jpeg, new BoundingBox(50, 150, 100, 100), 100).Value);

        // Upright it is 200 wide and 400 high: blue and red above, white and green below.
        Assert.That(NameOf(crop.GetPixel(15, 15)), Is.EqualTo("blue"));
        Assert.That(NameOf(crop.GetPixel(85, 15)), Is.EqualTo("red"));
        Assert.That(NameOf(crop.GetPixel(15, 85)), Is.EqualTo("white"));
        Assert.That(NameOf(crop.GetPixel(85, 85)), Is.EqualTo("green"));
    }

    [Test]
    public void Crop_NoPicture_IsAnError() => Assert.That(
        Cropper.Crop(new byte[] { 1, 2, 3 }, new BoundingBox(0, 0, 9, 9), 50).Error?.Code, Is.EqualTo("not-a-picture"));

    private static string NameOf(SKColor colour) => (colour.Red > 128, colour.Green > 128, colour.Blue > 128) switch
    {
        (true, false, false) => "red",
        (false, true, false) => "green",
        (false, false, true) => "blue",
        (true, true, true) => "white",
        _ => colour.ToString(),
    };
}
