using FaceSearch.Application.Abstractions;
using FaceSearch.Application.Results;
using FaceSearch.Domain.Faces;
using SkiaSharp;

namespace FaceSearch.Infrastructure.FaceEngine.Imaging;

/// <summary>Cuts faces out of pictures with a quarter of their size around them. Thread-safe.</summary>
internal sealed class FaceCropper(ImageDecoder decoder) : IFaceCropper
{
    /// <summary>On each side, in sizes of the face.</summary>
    private const double Margin = 0.25;

    private const int JpegQuality = 90;

    /// <summary>The cut and the encoder's copy of it are at most as large as the picture.</summary>
    public PictureCost Measure(ReadOnlyMemory<byte> picture) => decoder.Measure(picture) is { } size
        ? new PictureCost(size.Pixels, Math.Max(size.DecodingBytes, 2 * size.PictureBytes), size.DecodingBytes)
        : default;

    public Result<byte[]> Crop(ReadOnlyMemory<byte> picture, BoundingBox box, int size)
    {
        var decoded = decoder.Decode(picture);
        if (decoded.Error is { } error)
            return error;

        using var image = decoded.Value.Image;
        var (left, top, side) = Square(box, image.Width, image.Height);
        using var cut = Cut(image, left, top, side);
        using var scaled = side == size ? null : ImageScaler.Scale(cut, size, size);
        return Encode(scaled ?? cut);
    }

    /// <summary>
    /// Around the middle of the box; as large as fits into the picture, and moved into it where it would reach out.
    /// </summary>
    internal static (int Left, int Top, int Side) Square(BoundingBox box, int width, int height)
    {
        var wanted = (int)Math.Round(box.LongerSide * (1 + (2 * Margin)));
        var side = Math.Clamp(wanted, 1, Math.Min(width, height));
        var left = (int)Math.Round(box.X + ((box.Width - side) / 2.0));
        var top = (int)Math.Round(box.Y + ((box.Height - side) / 2.0));
        return (Math.Clamp(left, 0, width - side), Math.Clamp(top, 0, height - side), side);
    }

    private static RgbImage Cut(RgbImage image, int left, int top, int side)
    {
        var cut = new RgbImage(side, side);
        for (var y = 0; y < side; y++)
            image.Pixels.Slice((((top + y) * image.Width) + left) * 3, side * 3).CopyTo(cut.Pixels[(y * side * 3)..]);

        return cut;
    }

    private static byte[] Encode(RgbImage image)
    {
        using var bitmap = new SKBitmap(image.Width, image.Height, SKColorType.Rgba8888, SKAlphaType.Opaque);
        var target = bitmap.GetPixelSpan();
        var pixels = image.Pixels;
        for (int from = 0, to = 0; from < pixels.Length; from += 3, to += 4)
        {
            pixels.Slice(from, 3).CopyTo(target[to..]);
            target[to + 3] = byte.MaxValue;
        }

        using var jpeg = bitmap.Encode(SKEncodedImageFormat.Jpeg, JpegQuality);
        return jpeg.ToArray();
    }
}
