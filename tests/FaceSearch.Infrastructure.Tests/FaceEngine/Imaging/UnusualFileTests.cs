using FaceSearch.Application.Results;
using FaceSearch.Infrastructure.FaceEngine.Imaging;
using FaceSearch.TestSupport;
using SkiaSharp;

namespace FaceSearch.Infrastructure.Tests.FaceEngine.Imaging;

/// <summary>Files whose metadata is wrong are read by their pixels. Files that can't be read are named.</summary>
[Category("Fault-F7")]
public sealed class UnusualFileTests
{
    private static readonly ImageDecoder Decoder = new(40_000_000);

    // Gammas of 0, of almost 0 and of 42,950, and primaries that are one point.
    [TestCase("gAMA", new byte[] { 0, 0, 0, 0 })]
    [TestCase("gAMA", new byte[] { 0, 0, 0, 1 })]
    [TestCase("gAMA", new byte[] { 0xFF, 0xFF, 0xFF, 0xFF })]
    [TestCase("cHRM", new byte[] { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 })]
    public void Decode_DamagedColourMetadata_ReadsThePixels(string chunk, byte[] data)
    {
        var grey = DrawnPicture.Filled(new SKColor(60, 120, 180), SKEncodedImageFormat.Png, 4, 4);

        Assert.That(FirstPixel(DrawnPicture.WithChunk(WithoutColourSpace(grey), chunk, data)), Is.EqualTo(new byte[] { 60, 120, 180 }).Within(1));
    }

    // Linear light: 0.5 in the file is 188 in sRGB.
    [Test]
    public void Decode_Gamma_IsApplied()
    {
        var grey = WithoutColourSpace(DrawnPicture.Filled(new SKColor(128, 128, 128), SKEncodedImageFormat.Png, 4, 4));

        Assert.That(FirstPixel(DrawnPicture.WithChunk(grey, "gAMA", [0, 1, 0x86, 0xA0])), Has.All.InRange(180, 195));
    }

    [Test]
    public void Decode_BmpTransparentEverywhere_IsOpaque() =>
        Assert.That(FirstPixel(DrawnPicture.Bmp(6, 4, 32, alpha: 0)), Is.EqualTo(new byte[] { 255, 0, 0 }));

    [Test]
    public void Decode_BmpWithAlpha_LiesOnWhite() =>
        Assert.That(FirstPixel(DrawnPicture.Bmp(6, 4, 32, alpha: 128)), Is.EqualTo(new byte[] { 255, 127, 127 }).Within(1));

    [Test]
    public void Decode_PngTransparentEverywhere_IsWhite() => Assert.That(
        FirstPixel(DrawnPicture.Filled(SKColors.Red.WithAlpha(0), SKEncodedImageFormat.Png, 4, 4)), Has.All.EqualTo(255));

    [Test]
    public void Decode_BmpRowsWithoutPadding_SaysSo()
    {
        Assert.That(FirstPixel(DrawnPicture.Bmp(5, 4, 24, alpha: 0)), Is.EqualTo(new byte[] { 255, 0, 0 }));

        AssertNamed(DrawnPicture.Bmp(5, 4, 24, alpha: 0, isPadded: false), "a BMP whose rows are not padded to four bytes");
    }

    [Test]
    public void Decode_IphonePng_SaysSo() => AssertNamed(DrawnPicture.IphonePng(8, 4), "an iPhone-optimised PNG (CgBI)");

    [TestCase(new byte[] { 0, 0, 0, 24, 102, 116, 121, 112, 104, 101, 105, 99 }, "a HEIC picture")]
    [TestCase(new byte[] { 0, 0, 0, 24, 102, 116, 121, 112, 97, 118, 105, 102 }, "an AVIF picture")]
    [TestCase(new byte[] { 73, 73, 42, 0, 8, 0, 0, 0 }, "a TIFF picture")]
    [TestCase(new byte[] { 0, 0, 0, 12, 106, 80, 32, 32, 13, 10 }, "a JPEG 2000 picture")]
    [TestCase(new byte[] { 37, 80, 68, 70, 45, 49 }, "a PDF document")]
    public void Decode_OtherFormat_IsNamed(byte[] file, string name) => AssertNamed(file, name);

    private static void AssertNamed(byte[] file, string name)
    {
        var error = Decoder.Decode(file).Error;

        Assert.That((error?.Kind, error?.Code), Is.EqualTo((ErrorKind.UnsupportedMedia, "not-a-picture")));
        Assert.That(error?.Message, Does.StartWith($"This is {name}"));
    }

    private static byte[] FirstPixel(byte[] file)
    {
        using var image = Decoder.Decode(file).Value.Image;
        return image.Pixels[..3].ToArray();
    }

    /// <summary>Without the chunks that Skia writes and that override the others.</summary>
    private static byte[] WithoutColourSpace(byte[] png)
    {
        List<byte> rest = [.. png[..8]];
        for (var at = 8; at < png.Length;)
        {
            var end = at + 12 + System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(at));
            if (!png.AsSpan(at + 4).StartsWith("sRGB"u8) && !png.AsSpan(at + 4).StartsWith("iCCP"u8))
                rest.AddRange(png[at..end]);

            at = end;
        }

        return [.. rest];
    }
}
