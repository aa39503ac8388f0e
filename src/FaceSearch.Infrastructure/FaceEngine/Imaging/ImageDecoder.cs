using System.Buffers;
using System.Globalization;
using System.Runtime.InteropServices;
using FaceSearch.Application.Results;
using FaceSearch.Domain.Faces;
using FaceSearch.Infrastructure.FaceEngine.Imaging.Metadata;
using SkiaSharp;

namespace FaceSearch.Infrastructure.FaceEngine.Imaging;

/// <summary>
/// Decodes files to upright pixels with SkiaSharp: JPEG, PNG, WebP, GIF (first frame), BMP, detected by content.
/// Colours come out as 8-bit sRGB, whatever the file holds (grey, palette, CMYK, 16 bits, a colour profile);
/// transparent pixels are blended with white, except of a BMP that is transparent everywhere, whose alpha is ignored.
/// A damaged colour profile is ignored. Thread-safe.
/// </summary>
/// <param name="maxPixels">Width times height; the header is checked before any pixel is decoded.</param>
internal sealed class ImageDecoder(long maxPixels)
{
    /// <summary>The largest side in pixels, to avoid overflows. WebP's own limit is 16383.</summary>
    public const int MaxSide = 32_768;

    /// <summary>The caller disposes the picture's image.</summary>
    /// <returns>
    /// Errors: <c>empty-picture</c>, <c>not-a-picture</c>, <c>too-many-pixels</c>, and <c>damaged-picture</c> when any
    /// pixel is missing.
    /// </returns>
    public Result<DecodedImage> Decode(ReadOnlyMemory<byte> picture)
    {
        var decoded = Read(picture);
        return decoded.Error is { Kind: ErrorKind.UnsupportedMedia } && UnsupportedPicture.Find(picture.Span) is { } name
            ? PictureErrors.Unsupported(name)
            : decoded;
    }

    private Result<DecodedImage> Read(ReadOnlyMemory<byte> picture)
    {
        if (picture.IsEmpty)
            return PictureErrors.Empty;
        if (PictureSignature.Find(picture.Span) is not { } format)
            return PictureErrors.NotAPicture;

        using var pinned = picture.Pin();
        using var data = SKData.Create(AddressOf(pinned), picture.Length);
        using var codec = SKCodec.Create(data);
        if (codec is null)
            return PictureErrors.Damaged;

        var size = codec.Info.Size;
        if (size.Width <= 0 || size.Height <= 0)
            return PictureErrors.Damaged;
        if (size.Width > MaxSide || size.Height > MaxSide || (long)size.Width * size.Height > maxPixels)
            return PictureErrors.TooManyPixels(size.Width, size.Height, maxPixels);

        var origin = format == ImageFormat.Png ? OriginOf(picture.Span) : codec.EncodedOrigin;
        using var space = ColourProfile.IsUsable(codec.Info.ColorSpace, format, picture.Span) ? SKColorSpace.CreateSrgb() : null;
        return DecodePixels(codec, size, space, format, origin);
    }

    /// <param name="space">Null takes the colours as they are.</param>
    private static Result<DecodedImage> DecodePixels(
        SKCodec codec, SKSizeI size, SKColorSpace? space, ImageFormat format, SKEncodedOrigin origin)
    {
        var alpha = codec.Info.AlphaType == SKAlphaType.Opaque ? SKAlphaType.Opaque : SKAlphaType.Premul;
        var info = new SKImageInfo(size.Width, size.Height, SKColorType.Rgba8888, alpha, space);
        var rgba = ArrayPool<byte>.Shared.Rent(info.BytesSize);
        try
        {
            using var pinned = rgba.AsMemory().Pin();
            if (!TryDecode(codec, info, format, rgba.AsSpan(0, info.BytesSize), AddressOf(pinned)))
                return PictureErrors.Damaged;

            var image = Upright.ToRgb(rgba, size.Width, size.Height, origin);
            return new DecodedImage(format, image, OrientationApplied: origin != SKEncodedOrigin.TopLeft);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rgba);
        }
    }

    /// <summary>Many programs leave the fourth byte of a BMP's pixels empty and declare it as alpha.</summary>
    private static bool TryDecode(SKCodec codec, SKImageInfo info, ImageFormat format, Span<byte> rgba, nint address) =>
        codec.GetPixels(info, address) == SKCodecResult.Success
        && (format != ImageFormat.Bmp || !IsTransparent(rgba) || TryDecodeWithoutAlpha(codec, info, rgba, address));

    private static bool IsTransparent(ReadOnlySpan<byte> rgba) =>
        !MemoryMarshal.Cast<byte, uint>(rgba).ContainsAnyExcept(0u);

    private static bool TryDecodeWithoutAlpha(SKCodec codec, SKImageInfo info, Span<byte> rgba, nint address)
    {
        if (codec.GetPixels(info.WithAlphaType(SKAlphaType.Unpremul), address) != SKCodecResult.Success)
            return false;

        for (var alpha = 3; alpha < rgba.Length; alpha += 4)
            rgba[alpha] = byte.MaxValue;

        return true;
    }

    /// <summary>EXIF's eight values are SkiaSharp's; it does not read them from a PNG's eXIf chunk.</summary>
    private static SKEncodedOrigin OriginOf(ReadOnlySpan<byte> png) =>
        TiffDirectory.Open(ExifBlock.Find(png)).Short(ExifTag.Orientation) is { } value and >= 1 and <= 8
            ? (SKEncodedOrigin)value
            : SKEncodedOrigin.TopLeft;

    private static unsafe nint AddressOf(MemoryHandle handle) => (nint)handle.Pointer;
}

internal readonly record struct DecodedImage(ImageFormat Format, RgbImage Image, bool OrientationApplied);

internal static class PictureErrors
{
    public static Error Empty { get; } =
        new(ErrorKind.Invalid, "empty-picture", "The picture is empty: send the bytes of a picture.");

    public static Error NotAPicture { get; } = new(
        ErrorKind.UnsupportedMedia, "not-a-picture", "This is not a supported picture: send JPEG, PNG, WebP, GIF or BMP.");

    /// <param name="name">What it is, with its article.</param>
    public static Error Unsupported(string name) => new(
        ErrorKind.UnsupportedMedia, "not-a-picture", $"This is {name}, which can't be read: send JPEG, PNG, WebP, GIF or BMP.");

    public static Error Damaged { get; } = new(
        ErrorKind.UnsupportedMedia, "damaged-picture", "The picture is damaged or incomplete: send the complete file.");

    public static Error TooManyPixels(int width, int height, long maxPixels) => new(
        ErrorKind.TooLarge,
        "too-many-pixels",
        string.Create(
            CultureInfo.InvariantCulture,
            $"The picture is {width}x{height}; at most {maxPixels} pixels are read, {ImageDecoder.MaxSide} a side: make it smaller."));
}
