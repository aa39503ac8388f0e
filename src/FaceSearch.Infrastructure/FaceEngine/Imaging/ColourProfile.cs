using System.Runtime.InteropServices;
using FaceSearch.Domain.Faces;
using FaceSearch.Infrastructure.FaceEngine.Imaging.Metadata;
using SkiaSharp;

namespace FaceSearch.Infrastructure.FaceEngine.Imaging;

/// <summary>The colour spaces that files declare: an ICC profile, or PNG's gAMA and cHRM.</summary>
internal static class ColourProfile
{
    private const int Greys = 5;

    /// <summary>
    /// Whether five greys from black to white stay apart and in order in sRGB. A damaged colour space wipes the picture: its
    /// pixels are then taken as they are.
    /// </summary>
    /// <param name="space">As the library read it. Null, which is sRGB, is usable.</param>
    /// <param name="picture">The file. PNG, third edition, 11.3.2.2: a gAMA of 0 means nothing; the library applies it.</param>
    public static bool IsUsable(SKColorSpace? space, ImageFormat format, ReadOnlySpan<byte> picture)
    {
        if (format == ImageFormat.Png && PngChunk.Find(picture, "gAMA"u8) is [0, 0, 0, 0])
            return false;
        if (space is null || space.IsSrgb)
            return true;

        using var sRgb = SKColorSpace.CreateSrgb();
        using var from = Row(space);
        using var to = Row(sRgb);
        var greys = MemoryMarshal.Cast<byte, uint>(from.GetPixelSpan());
        for (var i = 0; i < Greys; i++)
            greys[i] = 0xFF000000 | ((uint)(255 * i / (Greys - 1)) * 0x010101);

        using var pixels = from.PeekPixels();
        return pixels.ReadPixels(to.Info, to.GetPixels(), to.RowBytes) && AreInOrder(to);
    }

    private static SKBitmap Row(SKColorSpace space) =>
        new(new SKImageInfo(Greys, 1, SKColorType.Rgba8888, SKAlphaType.Opaque, space));

    private static bool AreInOrder(SKBitmap row)
    {
        var previous = int.MinValue;
        foreach (var colour in row.Pixels)
        {
            var sum = colour.Red + colour.Green + colour.Blue;
            if (sum <= previous)
                return false;

            previous = sum;
        }

        return true;
    }
}
