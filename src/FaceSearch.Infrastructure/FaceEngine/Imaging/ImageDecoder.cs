using System.Buffers;
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

    private const int BandBytes = 1 << 18;

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

    /// <summary>By the header alone. Null for a picture that <see cref="Decode"/> refuses before it decodes a pixel.</summary>
    public PictureSize? Measure(ReadOnlyMemory<byte> picture)
    {
        if (PictureSignature.Find(picture.Span) is not { } format)
            return null;

        using var pinned = picture.Pin();
        using var data = SKData.Create(AddressOf(pinned), picture.Length);
        using var codec = SKCodec.Create(data);
        return codec is null || FindFault(codec.Info.Size) is not null
            ? null
            : PictureSize.Of(codec.Info.Size, OriginOf(codec, format, picture.Span), format, picture.Span);
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
        if (FindFault(size) is { } fault)
            return fault;

        var origin = OriginOf(codec, format, picture.Span);
        using var space = ColourProfile.IsUsable(codec.Info.ColorSpace, format, picture.Span) ? SKColorSpace.CreateSrgb() : null;
        return DecodePixels(codec, size, space, format, origin);
    }

    private Error? FindFault(SKSizeI size)
    {
        if (size.Width <= 0 || size.Height <= 0)
            return PictureErrors.Damaged;

        return size.Width > MaxSide || size.Height > MaxSide || (long)size.Width * size.Height > maxPixels
            ? PictureErrors.TooManyPixels(size.Width, size.Height, maxPixels)
            : null;
    }

    /// <param name="space">Null takes the colours as they are.</param>
    private static Result<DecodedImage> DecodePixels(
        SKCodec codec, SKSizeI size, SKColorSpace? space, ImageFormat format, SKEncodedOrigin origin)
    {
        var alpha = codec.Info.AlphaType == SKAlphaType.Opaque ? SKAlphaType.Opaque : SKAlphaType.Premul;
        var info = new SKImageInfo(size.Width, size.Height, SKColorType.Rgba8888, alpha, space);
        var image = format == ImageFormat.Jpeg ? DecodeRows(codec, info, origin) : DecodeWhole(codec, info, format, origin);
        return image is null ? PictureErrors.Damaged : new DecodedImage(format, image, origin != SKEncodedOrigin.TopLeft);
    }

    /// <summary>A few rows at a time, so that four bytes per pixel are never in memory. The library can do so with JPEG alone.</summary>
    /// <returns>Null for a damaged picture.</returns>
    private static RgbImage? DecodeRows(SKCodec codec, SKImageInfo info, SKEncodedOrigin origin)
    {
        if (codec.StartScanlineDecode(info) != SKCodecResult.Success)
            return null;

        using var band = new PixelMemory(Math.Clamp(BandBytes / info.RowBytes, 1, info.Height) * info.RowBytes);
        var image = Upright.NewImage(info.Width, info.Height, origin);
        var rows = band.Bytes.Length / info.RowBytes;
        for (var top = 0; top < info.Height; top += rows)
        {
            var count = Math.Min(rows, info.Height - top);
            if (codec.GetScanlines(band.Address, count, info.RowBytes) != count)
            {
                image.Dispose();
                return null;
            }

            Upright.Copy(band.Bytes[..(count * info.RowBytes)], info.Width, top, origin, image);
        }

        return image;
    }

    /// <inheritdoc cref="DecodeRows"/>
    private static RgbImage? DecodeWhole(SKCodec codec, SKImageInfo info, ImageFormat format, SKEncodedOrigin origin)
    {
        var rgba = new PixelMemory(info.BytesSize);
        if (!TryDecode(codec, info, format, rgba.Bytes, rgba.Address))
        {
            rgba.Dispose();
            return null;
        }

        if (origin == SKEncodedOrigin.TopLeft)
            return Upright.InPlace(rgba, info.Width, info.Height);

        using (rgba)
        {
            var image = Upright.NewImage(info.Width, info.Height, origin);
            Upright.Copy(rgba.Bytes, info.Width, 0, origin, image);
            return image;
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
    private static SKEncodedOrigin OriginOf(SKCodec codec, ImageFormat format, ReadOnlySpan<byte> picture) =>
        format == ImageFormat.Png ? OriginOfPng(picture) : codec.EncodedOrigin;

    private static SKEncodedOrigin OriginOfPng(ReadOnlySpan<byte> png) =>
        TiffDirectory.Open(ExifBlock.Find(png)).Short(ExifTag.Orientation) is { } value and >= 1 and <= 8
            ? (SKEncodedOrigin)value
            : SKEncodedOrigin.TopLeft;

    private static unsafe nint AddressOf(MemoryHandle handle) => (nint)handle.Pointer;
}

internal readonly record struct DecodedImage(ImageFormat Format, RgbImage Image, bool OrientationApplied);
