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

    /// <summary>A black PNG as iPhones' programs keep them: a chunk in front of the header, and pixels without zlib's header.</summary>
    public static byte[] IphonePng(int width, int height)
    {
        using var rows = new MemoryStream();
        using (var deflate = new DeflateStream(rows, CompressionLevel.Optimal, leaveOpen: true))
            deflate.Write(new byte[height * (1 + (width * 4))]);

        const int Signature = 8;
        var png = Png(width, height, bitDepth: 8, colourType: 6, rows.ToArray());
        return [.. png[..Signature], .. Chunk("CgBI", [0x50, 0, 0x20, 6]), .. png[Signature..]];
    }

    /// <summary>A PNG that declares a size and has no pixels; 8 bits per channel, RGB.</summary>
    public static byte[] EmptyPng(int width, int height) => Png(width, height, bitDepth: 8, colourType: 2, []);

    /// <summary>
    /// An uncompressed BMP with a header of 124 bytes, red above blue. With 32 bits per pixel its fourth byte is alpha.
    /// </summary>
    /// <param name="isPadded">False leaves out the bytes that fill up each row to four.</param>
    public static byte[] Bmp(int width, int height, short bits, byte alpha, bool isPadded = true)
    {
        var bytes = bits / 8;
        var stride = isPadded ? ((width * bytes) + 3) / 4 * 4 : width * bytes;
        const int Pixels = 14 + 124;
        var bmp = new byte[Pixels + (stride * height)];
        "BM"u8.CopyTo(bmp);
        Write(2, bmp.Length);
        Write(10, Pixels);
        Write(14, 124);
        Write(18, width);
        Write(22, height);
        Write(26, 1 | (bits << 16));
        Write(30, bits == 32 ? 3 : 0);
        Write(34, stride * height);
        Write(54, 0xFF0000);
        Write(58, 0xFF00);
        Write(62, 0xFF);
        Write(66, bits == 32 ? unchecked((int)0xFF000000) : 0);
        for (var y = 0; y < height; y++)
        {
            for (var x = 0; x < width; x++)
            {
                var pixel = bmp.AsSpan(Pixels + (y * stride) + (x * bytes), bytes);
                pixel[y < height / 2 ? 0 : 2] = byte.MaxValue;
                if (bits == 32)
                    pixel[3] = alpha;
            }
        }

        return bmp;

        void Write(int offset, int value) => BinaryPrimitives.WriteInt32LittleEndian(bmp.AsSpan(offset), value);
    }

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
