namespace FaceSearch.Domain.Faces;

/// <summary>
/// Detects the format by the first bytes. The picture library also supports other formats (icons, camera raw, HEIF).
/// Such pictures are refused before the library reads them, so its parsers for them can't be attacked.
/// </summary>
public static class PictureSignature
{
    /// <returns>Null for an unsupported format.</returns>
    public static ImageFormat? Find(ReadOnlySpan<byte> picture)
    {
        if (picture.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF]))
            return ImageFormat.Jpeg;
        if (picture.StartsWith((ReadOnlySpan<byte>)[0x89, .. "PNG\r\n"u8, 0x1A, (byte)'\n']))
            return ImageFormat.Png;
        if (picture.StartsWith("GIF87a"u8) || picture.StartsWith("GIF89a"u8))
            return ImageFormat.Gif;
        if (picture.StartsWith("BM"u8))
            return ImageFormat.Bmp;
        if (picture.Length >= 12 && picture.StartsWith("RIFF"u8) && picture[8..].StartsWith("WEBP"u8))
            return ImageFormat.Webp;

        return null;
    }
}
