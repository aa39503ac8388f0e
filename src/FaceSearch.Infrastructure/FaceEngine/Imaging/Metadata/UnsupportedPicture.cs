using System.Buffers.Binary;

namespace FaceSearch.Infrastructure.FaceEngine.Imaging.Metadata;

/// <summary>Names files that are pictures but can't be decoded, by their first bytes.</summary>
internal static class UnsupportedPicture
{
    private static readonly (int Offset, byte[] Bytes, string Name)[] Signatures =
    [
        (12, [.. "CgBI"u8], "an iPhone-optimised PNG (CgBI)"),
        (4, [.. "ftypheic"u8], "a HEIC picture"),
        (4, [.. "ftypheix"u8], "a HEIC picture"),
        (4, [.. "ftypmif1"u8], "a HEIF picture"),
        (4, [.. "ftypavif"u8], "an AVIF picture"),
        (0, [.. "II*\0"u8], "a TIFF picture or a camera's raw file"),
        (0, [.. "MM\0*"u8], "a TIFF picture or a camera's raw file"),
        (4, [.. "jP  "u8], "a JPEG 2000 picture"),
        (4, [.. "JXL "u8], "a JPEG XL picture"),
        (0, [0xFF, 0x0A], "a JPEG XL picture"),
        (0, [.. "8BPS"u8], "a Photoshop file"),
        (0, [.. "%PDF-"u8], "a PDF document"),
        (0, [.. "<svg"u8], "an SVG drawing"),
        (0, [0, 0, 1, 0], "an icon"),
    ];

    /// <returns>With its article, <c>a TIFF picture</c>; null for anything else.</returns>
    public static string? Find(ReadOnlySpan<byte> picture)
    {
        foreach (var (offset, bytes, name) in Signatures)
        {
            if (picture.Length >= offset && picture[offset..].StartsWith(bytes))
                return name;
        }

        return IsBmpWithoutPadding(picture) ? "a BMP whose rows are not padded to four bytes" : null;
    }

    /// <summary>An uncompressed BMP that has exactly the bytes of its pixels, and no more to fill up its rows.</summary>
    private static bool IsBmpWithoutPadding(ReadOnlySpan<byte> picture)
    {
        const int Header = 34, CoreHeader = 12;
        if (picture.Length < Header || !picture.StartsWith("BM"u8) || Read(picture, 14) <= CoreHeader || Read(picture, 30) != 0)
            return false;

        long pixels = Read(picture, 10), width = Read(picture, 18), height = Math.Abs((long)Read(picture, 22));
        var bits = BinaryPrimitives.ReadUInt16LittleEndian(picture[28..]);
        var row = ((width * bits) + 7) / 8;
        return row % 4 != 0 && picture.Length - pixels == row * height;
    }

    private static int Read(ReadOnlySpan<byte> picture, int offset) =>
        BinaryPrimitives.ReadInt32LittleEndian(picture[offset..]);
}
