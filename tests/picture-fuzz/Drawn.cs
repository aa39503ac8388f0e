using System.IO.Compression;
using System.Text;
using FaceSearch.TestSupport;
using SkiaSharp;

namespace FaceSearch.PictureFuzz;

/// <summary>A drawn person in every supported format, with every kind of metadata.</summary>
internal static class Drawn
{
    private const int Side = 160;

    private static readonly byte[] Exif = new ExifEntries().Orientation(6).Camera("Maker", "Model")
        .TakenAt("2026:01:02 03:04:05", "+02:00").Position("N", [48, 8, 0], "E", [11, 34, 0]).ToTiff();

    private static readonly byte[] Xmp = Encoding.UTF8.GetBytes(
        "<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'><rdf:Description "
        + "rdf:about='' xmlns:tiff='http://ns.adobe.com/tiff/1.0/' tiff:Orientation='3'/></rdf:RDF></x:xmpmeta>");

    public static IEnumerable<(string Extension, byte[] Bytes)> Pictures()
    {
        var jpeg = new DrawnPerson(0).Picture(0, Side);
        using var bitmap = SKBitmap.Decode(jpeg);
        using var wide = Wide(bitmap);
        yield return (".jpg", DrawnPicture.WithExif(jpeg, new ExifEntries().Orientation(6).TakenAt("2026:01:02 03:04:05")));
        yield return (".jpg", WithSegments(Encode(wide, SKEncodedImageFormat.Jpeg)));
        yield return (".png", WithChunks(Encode(bitmap, SKEncodedImageFormat.Png)));
        yield return (".png", Encode(wide, SKEncodedImageFormat.Png));
        yield return (".webp", DrawnPicture.WithWebpChunk(Encode(bitmap, SKEncodedImageFormat.Webp, 80), "EXIF", Exif));
        yield return (".webp", DrawnPicture.WithWebpChunk(Encode(wide, SKEncodedImageFormat.Webp, 100), "XMP ", Xmp));
        yield return (".gif", Gif(bitmap));
        yield return (".bmp", DrawnPicture.Bmp(33, 20, 24, alpha: 0));
        yield return (".bmp", DrawnPicture.Bmp(33, 20, 32, alpha: 0));
    }

    /// <summary>With a colour space of its own, so that the encoder writes a profile.</summary>
    private static SKBitmap Wide(SKBitmap bitmap)
    {
        var wide = new SKBitmap(bitmap.Info.WithColorSpace(SKColorSpace.CreateRgb(SKColorSpaceTransferFn.TwoDotTwo, SKColorSpaceXyz.Rec2020)));
        bitmap.GetPixelSpan().CopyTo(wide.GetPixelSpan());
        return wide;
    }

    private static byte[] WithSegments(byte[] jpeg)
    {
        jpeg = DrawnPicture.WithSegment(jpeg, 0xED, [.. "Photoshop 3.0\08BIM"u8, 4, 4, 0, 0, 0, 0, 0, 4, 0x1C, 2, 0, 0]);
        return DrawnPicture.WithSegment(jpeg, 0xE1, [.. "http://ns.adobe.com/xap/1.0/\0"u8, .. Xmp]);
    }

    private static byte[] WithChunks(byte[] png)
    {
        png = DrawnPicture.WithChunk(png, "eXIf", Exif);
        png = DrawnPicture.WithChunk(png, "gAMA", [0, 0, 0xB1, 0x8F]);
        png = DrawnPicture.WithChunk(png, "cHRM", [.. new byte[] { 0, 0, 0x7A, 0x26, 0, 0, 0x80, 0x84, 0, 0, 0xFA, 0, 0, 0, 0x80, 0xE8 }, .. new byte[16]]);
        png = DrawnPicture.WithChunk(png, "tEXt", [.. "Comment\0a text"u8]);
        png = DrawnPicture.WithChunk(png, "zTXt", [.. "Comment\0\0"u8, .. Deflated(new byte[100_000])]);
        return DrawnPicture.WithChunk(png, "iTXt", [.. "XML:com.adobe.xmp\0\0\0\0\0"u8, .. Xmp]);
    }

    private static byte[] Deflated(byte[] data)
    {
        using var target = new MemoryStream();
        using (var zlib = new ZLibStream(target, CompressionLevel.Optimal, leaveOpen: true))
            zlib.Write(data);

        return target.ToArray();
    }

    private static byte[] Encode(SKBitmap bitmap, SKEncodedImageFormat format, int quality = 90)
    {
        using var data = bitmap.Encode(format, quality);
        return data.ToArray();
    }

    /// <summary>128 greys. A code has eight bits as long as the table is cleared in time.</summary>
    private static byte[] Gif(SKBitmap bitmap)
    {
        const byte Clear = 128, End = 129, CodesPerBlock = 100;
        List<byte> gif = [.. "GIF89a"u8, Side, 0, Side, 0, 0xE6, 0, 0];
        for (var grey = 0; grey < 128; grey++)
            gif.AddRange([(byte)(2 * grey), (byte)(2 * grey), (byte)(2 * grey)]);

        gif.AddRange([.. (byte[])[0x21, 0xFE, 6], .. "a text"u8, 0, 0x2C, 0, 0, 0, 0, Side, 0, Side, 0, 0, 7]);
        foreach (var block in bitmap.Pixels.Chunk(CodesPerBlock))
            gif.AddRange([(byte)(block.Length + 1), Clear, .. block.Select(colour => (byte)(colour.Green / 2))]);

        gif.AddRange([1, End, 0, 0x3B]);
        return [.. gif];
    }
}
