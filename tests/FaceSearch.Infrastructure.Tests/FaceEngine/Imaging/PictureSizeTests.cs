using FaceSearch.Infrastructure.FaceEngine.Imaging;
using FaceSearch.TestSupport;
using SkiaSharp;

namespace FaceSearch.Infrastructure.Tests.FaceEngine.Imaging;

/// <summary>The memory of decoding, in bytes per pixel beside a fixed part.</summary>
[Category("Fault-A10")]
public sealed class PictureSizeTests
{
    private const int Width = 600, Height = 400;

    private static readonly ImageDecoder Decoder = new(40_000_000);

    [TestCase(SKEncodedImageFormat.Jpeg, 3)]
    [TestCase(SKEncodedImageFormat.Png, 4)]
    [TestCase(SKEncodedImageFormat.Webp, 8)]
    public void Measure_EachFormat_IsByItsHeader(SKEncodedImageFormat format, int bytes)
    {
        var picture = DrawnPicture.Quarters(format, Width, Height);

        Assert.That(BytesPerPixel(picture), Is.EqualTo(bytes));
        Assert.That(BytesPerPixel(picture[..(picture.Length / 2)]), Is.EqualTo(bytes), "without its second half");
    }

    // The second scan's channels wait for the first: coefficients of two bytes, here for three full channels.
    [TestCase(0xC0, 3, 3)]
    [TestCase(0xC2, 3, 9)]
    [TestCase(0xC0, 1, 9)]
    public void Measure_JpegOfSeveralScans_TakesItsCoefficients(byte frame, byte channelsOfScan, int bytes)
    {
        var jpeg = DrawnPicture.Quarters(SKEncodedImageFormat.Jpeg, Width, Height);
        var (start, scan) = (jpeg.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xFF, 0xC0]), jpeg.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xFF, 0xDA]));
        Assert.That(jpeg[start + 9], Is.EqualTo(3), "channels");
        foreach (var channel in Enumerable.Range(0, 3))
            jpeg[start + 11 + (3 * channel)] = 0x11;
        (jpeg[start + 1], jpeg[scan + 4]) = (frame, channelsOfScan);

        Assert.That(PictureSize.Of(new SKSizeI(Width, Height), SKEncodedOrigin.TopLeft, Domain.Faces.ImageFormat.Jpeg, jpeg).DecodingBytes
            - Overhead, Is.EqualTo((long)bytes * Width * Height));
    }

    [TestCase(8, 8)]
    [TestCase(16, 12)]
    public void Measure_InterlacedPng_TakesItsRows(byte bits, int bytes)
    {
        var png = DrawnPicture.Quarters(SKEncodedImageFormat.Png, Width, Height);
        (png[24], png[28]) = (bits, 1);

        Assert.That(PictureSize.Of(new SKSizeI(Width, Height), SKEncodedOrigin.TopLeft, Domain.Faces.ImageFormat.Png, png).DecodingBytes
            - Overhead, Is.EqualTo((long)bytes * Width * Height));
    }

    [Test]
    public void Measure_TurnedPng_TakesBothPictures()
    {
        var png = DrawnPicture.WithChunk(
            DrawnPicture.Quarters(SKEncodedImageFormat.Png, Width, Height), "eXIf", new ExifEntries().Orientation(6).ToTiff());

        Assert.That(BytesPerPixel(png), Is.EqualTo(7));
        Assert.That(Decoder.Measure(png)?.Width, Is.EqualTo(Height));
    }

    [Test]
    public void Measure_WhatIsRefused_IsNull()
    {
        Assert.That(Decoder.Measure("no picture"u8.ToArray()), Is.Null);
        Assert.That(Decoder.Measure(DrawnPicture.EmptyPng(10_000, 6_000)), Is.Null, "too many pixels");
    }

    private static long Overhead => PictureSize.Of(default, SKEncodedOrigin.TopLeft, Domain.Faces.ImageFormat.Bmp, []).DecodingBytes;

    private static double BytesPerPixel(byte[] picture) =>
        (Decoder.Measure(picture)!.Value.DecodingBytes - Overhead) / (double)(Width * Height);
}
