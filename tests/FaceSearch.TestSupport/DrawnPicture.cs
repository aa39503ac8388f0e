using System.Buffers.Binary;
using System.IO.Compression;
using System.IO.Hashing;
using System.Text;
using SkiaSharp;

namespace FaceSearch.TestSupport;

/// <summary>Pictures for tests that need no photograph.</summary>
public static class DrawnPicture
{
    /// <summary>Four quarters: red, green (above), blue, white (below).</summary>
    public static byte[] Quarters(SKEncodedImageFormat format, int width = 48, int height = 32)
    {
        using var bitmap = new SKBitmap(width, height, SKColorType.Rgba8888, SKAlphaType.Opaque);
        for (var y = 0; y < height; y++)
        {
            for (var x = 0; x < width; x++)
                bitmap.SetPixel(x, y, (x < width / 2, y < height / 2) switch
                {
                    (true, true) => SKColors.Red,
                    (false, true) => SKColors.Lime,
                    (true, false) => SKColors.Blue,
                    _ => SKColors.White,
                });
        }

        return Encode(bitmap, format);
    }

    public static byte[] Filled(SKColor colour, SKEncodedImageFormat format, int width, int height)
    {
        using var bitmap = new SKBitmap(width, height, SKColorType.Rgba8888, SKAlphaType.Unpremul);
        bitmap.Erase(colour);
        return Encode(bitmap, format);
    }

    /// <summary>A part of a picture, as a PNG: its pixels are the same.</summary>
    public static byte[] Cut(byte[] picture, SKRectI part)
    {
        using var whole = SKBitmap.Decode(picture);
        using var cut = new SKBitmap();
        return whole.ExtractSubset(cut, part)
            ? Encode(cut, SKEncodedImageFormat.Png)
            : throw new ArgumentException("The part is outside of the picture.", nameof(part));
    }

    /// <summary>A valid black PNG with one bit per pixel: 60 million pixels are a few kilobytes.</summary>
    public static byte[] BlackPng(int width, int height)
    {
        using var rows = new MemoryStream();
        using (var zlib = new ZLibStream(rows, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            var row = new byte[1 + ((width + 7) / 8)];
            for (var y = 0; y < height; y++)
                zlib.Write(row);
        }

        return Png(width, height, bitDepth: 1, colourType: 0, rows.ToArray());
    }

    /// <summary>A PNG that declares a size and has no pixels; 8 bits per channel, RGB.</summary>
    public static byte[] EmptyPng(int width, int height) => Png(width, height, bitDepth: 8, colourType: 2, []);

    /// <summary>The JPEG with an EXIF segment of these entries after its first marker.</summary>
    public static byte[] WithExif(byte[] jpeg, ExifEntries exif)
    {
        ArgumentNullException.ThrowIfNull(jpeg);
        ArgumentNullException.ThrowIfNull(exif);
        return WithSegment(jpeg, 0xE1, [.. "Exif\0\0"u8, .. exif.ToTiff()]);
    }

    /// <summary>The JPEG with another segment behind its first marker.</summary>
    public static byte[] WithSegment(byte[] jpeg, byte marker, byte[] body)
    {
        ArgumentNullException.ThrowIfNull(jpeg);
        ArgumentNullException.ThrowIfNull(body);
        var length = body.Length + 2;
        return [.. jpeg[..2], 0xFF, marker, (byte)(length >> 8), (byte)length, .. body, .. jpeg[2..]];
    }

    /// <summary>The PNG with another chunk behind its header.</summary>
    public static byte[] WithChunk(byte[] png, string type, byte[] data)
    {
        ArgumentNullException.ThrowIfNull(png);
        ArgumentNullException.ThrowIfNull(data);
        const int HeaderEnd = 33;
        return [.. png[..HeaderEnd], .. Chunk(type, data), .. png[HeaderEnd..]];
    }

    /// <summary>The WebP with another chunk at its end.</summary>
    public static byte[] WithWebpChunk(byte[] webp, string type, byte[] data)
    {
        ArgumentNullException.ThrowIfNull(webp);
        ArgumentNullException.ThrowIfNull(data);
        byte[] longer = [.. webp, .. Encoding.ASCII.GetBytes(type), .. BitConverter.GetBytes(data.Length), .. data, .. new byte[data.Length % 2]];
        BinaryPrimitives.WriteInt32LittleEndian(longer.AsSpan(4), longer.Length - 8);
        return longer;
    }

    private static byte[] Encode(SKBitmap bitmap, SKEncodedImageFormat format)
    {
        using var data = bitmap.Encode(format, 100);
        return data.ToArray();
    }

    private static byte[] Png(int width, int height, byte bitDepth, byte colourType, byte[] compressedRows)
    {
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        (header[8], header[9]) = (bitDepth, colourType);
        return [0x89, .. "PNG\r\n"u8, 0x1A, (byte)'\n', .. Chunk("IHDR", header), .. Chunk("IDAT", compressedRows), .. Chunk("IEND", [])];
    }

    private static byte[] Chunk(string type, byte[] data)
    {
        byte[] body = [.. Encoding.ASCII.GetBytes(type), .. data];
        var chunk = new byte[body.Length + 8];
        BinaryPrimitives.WriteInt32BigEndian(chunk, data.Length);
        body.CopyTo(chunk, 4);
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(body.Length + 4), Crc32.HashToUInt32(body));
        return chunk;
    }
}
