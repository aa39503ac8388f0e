using FaceSearch.Application.Results;
using FaceSearch.Domain.Faces;
using FaceSearch.Infrastructure.FaceEngine.Imaging;
using FaceSearch.TestSupport;
using SkiaSharp;

namespace FaceSearch.Infrastructure.Tests.FaceEngine.Imaging;

public sealed class ImageDecoderTests
{
    private static readonly ImageDecoder Decoder = new(40_000_000);

    private static readonly byte[] OnePixelGif =
    [
        .. "GIF89a"u8, 1, 0, 1, 0, 0x80, 0, 0, 10, 20, 30, 255, 255, 255,
        0x2C, 0, 0, 0, 0, 1, 0, 1, 0, 0, 2, 2, 0x44, 1, 0, 0x3B,
    ];

    private static readonly byte[] OnePixelBmp =
    [
        .. "BM"u8, 58, 0, 0, 0, 0, 0, 0, 0, 54, 0, 0, 0, 40, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 24, 0,
        0, 0, 0, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 30, 20, 10, 0,
    ];

    [TestCase(SKEncodedImageFormat.Jpeg, ImageFormat.Jpeg)]
    [TestCase(SKEncodedImageFormat.Png, ImageFormat.Png)]
    [TestCase(SKEncodedImageFormat.Webp, ImageFormat.Webp)]
    public void Decode_EachFormatSkiaWrites_ReadsPixels(SKEncodedImageFormat written, ImageFormat expected)
    {
        var decoded = Decoder.Decode(DrawnPicture.Quarters(written, 48, 32)).Value;
        using var image = decoded.Image;

        Assert.Multiple(() =>
        {
            Assert.That(decoded.Format, Is.EqualTo(expected));
            Assert.That(decoded.OrientationApplied, Is.False);
            Assert.That((image.Width, image.Height), Is.EqualTo((48, 32)));
            Assert.That(Corners(image), Is.EqualTo("RGBW"));
        });
    }

    [Test]
    public void Decode_GifAndBmp_ReadsPixels()
    {
        foreach (var (bytes, format) in new[] { (OnePixelGif, ImageFormat.Gif), (OnePixelBmp, ImageFormat.Bmp) })
        {
            var decoded = Decoder.Decode(bytes).Value;
            using var image = decoded.Image;
            Assert.That(decoded.Format, Is.EqualTo(format));
            Assert.That(image.Pixels.ToArray(), Is.EqualTo(new byte[] { 10, 20, 30 }));
        }
    }

    // The first row and column in TIFF's table: the corners in the order top left, top right, bottom left, right.
    [TestCase(1, "RGBW", false)]
    [TestCase(2, "GRWB", true)]
    [TestCase(3, "WBGR", true)]
    [TestCase(4, "BWRG", true)]
    [TestCase(5, "RBGW", true)]
    [TestCase(6, "BRWG", true)]
    [TestCase(7, "WGBR", true)]
    [TestCase(8, "GWRB", true)]
    public void Decode_ExifOrientation_TurnsUpright(int orientation, string corners, bool applied)
    {
        var jpeg = DrawnPicture.WithExif(
            DrawnPicture.Quarters(SKEncodedImageFormat.Jpeg, 48, 32), new ExifEntries().Orientation((ushort)orientation));

        var decoded = Decoder.Decode(jpeg).Value;
        using var image = decoded.Image;

        Assert.Multiple(() =>
        {
            Assert.That(Corners(image), Is.EqualTo(corners));
            Assert.That(decoded.OrientationApplied, Is.EqualTo(applied));
            Assert.That((image.Width, image.Height), Is.EqualTo(orientation < 5 ? (48, 32) : (32, 48)));
        });
    }

    [TestCase(1, "RGBW")]
    [TestCase(2, "GRWB")]
    [TestCase(3, "WBGR")]
    [TestCase(4, "BWRG")]
    [TestCase(5, "RBGW")]
    [TestCase(6, "BRWG")]
    [TestCase(7, "WGBR")]
    [TestCase(8, "GWRB")]
    [TestCase(0, "RGBW")]
    [TestCase(9, "RGBW")]
    public void Decode_ExifOrientationOfPng_TurnsUpright(int orientation, string corners)
    {
        var png = DrawnPicture.WithChunk(
            DrawnPicture.Quarters(SKEncodedImageFormat.Png, 48, 32), "eXIf", new ExifEntries().Orientation((ushort)orientation).ToTiff());

        var decoded = Decoder.Decode(png).Value;
        using var image = decoded.Image;

        Assert.That(Corners(image), Is.EqualTo(corners));
        Assert.That(decoded.OrientationApplied, Is.EqualTo(corners != "RGBW"));
    }

    [TestCase(0, 255, 255, 255)]
    [TestCase(128, 255, 127, 127)]
    [TestCase(255, 255, 0, 0)]
    public void Decode_Transparency_LiesOnWhite(byte alpha, byte red, byte green, byte blue)
    {
        var png = DrawnPicture.Filled(SKColors.Red.WithAlpha(alpha), SKEncodedImageFormat.Png, 2, 2);

        using var image = Decoder.Decode(png).Value.Image;

        Assert.That(image.Pixels[..3].ToArray(), Is.EqualTo(new[] { red, green, blue }).Within(1));
    }

    [TestCase(1, 1)]
    [TestCase(1, 3000)]
    [TestCase(3000, 1)]
    public void Decode_TinyAndThin_ReadsPixels(int width, int height)
    {
        using var image = Decoder.Decode(DrawnPicture.Filled(SKColors.Gray, SKEncodedImageFormat.Png, width, height)).Value.Image;

        Assert.That((image.Width, image.Height), Is.EqualTo((width, height)));
    }

    [Test]
    public void Decode_MorePixelsThanAllowed_RefusedBeforeDecoding()
    {
        var bomb = DrawnPicture.BlackPng(10_000, 6_000);
        Assert.That(bomb, Has.Length.LessThan(20_000));

        var before = GC.GetAllocatedBytesForCurrentThread();
        var error = Decoder.Decode(bomb).Error;
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.That((error?.Kind, error?.Code), Is.EqualTo((ErrorKind.TooLarge, "too-many-pixels")));
        Assert.That(allocated, Is.LessThan(100_000));
    }

    [Test]
    public void Decode_AtTheCap_Reads()
    {
        var png = DrawnPicture.BlackPng(100, 60);

        Assert.That(new ImageDecoder(6000).Decode(png).IsSuccess);
        Assert.That(new ImageDecoder(5999).Decode(png).Error?.Code, Is.EqualTo("too-many-pixels"));
    }

    [Test]
    public void Decode_SideBeyondTheLimit_Refused() => Assert.That(
        Decoder.Decode(DrawnPicture.BlackPng(ImageDecoder.MaxSide + 1, 1)).Error?.Code, Is.EqualTo("too-many-pixels"));

    [TestCase(SKEncodedImageFormat.Jpeg)]
    [TestCase(SKEncodedImageFormat.Png)]
    [TestCase(SKEncodedImageFormat.Webp)]
    public void Decode_CutAnywhere_IsDamagedOrNoPicture(SKEncodedImageFormat format)
    {
        var whole = DrawnPicture.Quarters(format, 200, 200);
        for (var length = 1; length < whole.Length * 9 / 10; length += Math.Max(1, whole.Length / 50))
            Assert.That(
                Decoder.Decode(whole.AsMemory(0, length)).Error?.Code,
                Is.AnyOf("damaged-picture", "not-a-picture"), $"{length} of {whole.Length}");
    }

    [TestCase(new byte[] { 0, 0, 1, 0, 1, 0 }, TestName = "Decode_Icon_IsNoPicture")]
    [TestCase(new byte[] { 0, 0, 1, 1, 255 }, TestName = "Decode_Wbmp_IsNoPicture")]
    [TestCase(new byte[] { 73, 73, 42, 0, 8, 0, 0, 0 }, TestName = "Decode_Tiff_IsNoPicture")]
    [TestCase(new byte[] { 0, 0, 0, 24, 102, 116, 121, 112, 104, 101, 105, 99 }, TestName = "Decode_Heif_IsNoPicture")]
    public void Decode_OtherFormat_IsNoPicture(byte[] bytes)
    {
        var error = Decoder.Decode(bytes).Error;

        Assert.That((error?.Kind, error?.Code), Is.EqualTo((ErrorKind.UnsupportedMedia, "not-a-picture")));
    }

    [TestCaseSource(typeof(BrokenFiles), nameof(BrokenFiles.Names))]
    public void Decode_BrokenFile_SaysWhy(string file) =>
        Assert.That(Decoder.Decode(BrokenFiles.Read(file)).Error?.Code, Is.EqualTo(BrokenFiles.CodeOf(file)));

    // The directory of the metadata is past its end; the pixels are complete.
    [Test]
    public void Decode_BrokenMetadata_StillReads()
    {
        byte[] exif = [.. "Exif\0\0II*\0"u8, 0xFF, 0xFF, 0xFF, 0x7F];
        var picture = DrawnPicture.WithSegment(DrawnPicture.Quarters(SKEncodedImageFormat.Jpeg, 64, 48), 0xE1, exif);

        using var image = Decoder.Decode(picture).Value.Image;

        Assert.That((image.Width, image.Height), Is.EqualTo((64, 48)));
    }

    [Test]
    public void Decode_EveryOddFile_Reads()
    {
        var damagedMetadata = SharedData.Face("broken/exifsamples_corrupted_3648x2736.jpg");
        foreach (var path in Directory.EnumerateFiles(SharedData.Face("odd")).Append(damagedMetadata))
        {
            var decoded = Decoder.Decode(File.ReadAllBytes(path));
            Assert.That(decoded.Error, Is.Null, Path.GetFileName(path));
            decoded.Value.Image.Dispose();
        }
    }

    private static string Corners(RgbImage image) => string.Concat(
        Colour(image, 1, 1), Colour(image, 3, 1), Colour(image, 1, 3), Colour(image, 3, 3));

    private static char Colour(RgbImage image, int quarterX, int quarterY)
    {
        var at = ((image.Height * quarterY / 4 * image.Width) + (image.Width * quarterX / 4)) * 3;
        return (image.Pixels[at] > 127, image.Pixels[at + 1] > 127, image.Pixels[at + 2] > 127) switch
        {
            (true, false, false) => 'R',
            (false, true, false) => 'G',
            (false, false, true) => 'B',
            (true, true, true) => 'W',
            _ => '?',
        };
    }
}
