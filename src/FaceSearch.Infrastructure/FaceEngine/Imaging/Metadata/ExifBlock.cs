using System.Buffers.Binary;
using FaceSearch.Domain.Faces;

namespace FaceSearch.Infrastructure.FaceEngine.Imaging.Metadata;

/// <summary>
/// Finds the EXIF block of a JPEG, PNG or WebP. It walks over the headers of segments and chunks, reads no other
/// metadata (XMP, ICC, Photoshop, text), decompresses nothing and allocates nothing. Its time is linear in the file.
/// </summary>
internal static class ExifBlock
{
    /// <returns>A TIFF structure inside the picture's bytes; empty if there is none or it is cut off.</returns>
    public static ReadOnlySpan<byte> Find(ReadOnlySpan<byte> picture) => PictureSignature.Find(picture) switch
    {
        ImageFormat.Jpeg => FindInJpeg(picture[2..]),
        ImageFormat.Png => WithoutPrefix(PngChunk.Find(picture, "eXIf"u8)),
        ImageFormat.Webp => FindInWebp(picture[12..]),
        _ => [],
    };

    /// <summary>EXIF 2.32, 4.7.2: the segment APP1.</summary>
    private static ReadOnlySpan<byte> FindInJpeg(ReadOnlySpan<byte> rest)
    {
        const byte App1 = 0xE1;
        while (JpegSegment.TryRead(ref rest, out var segment))
        {
            if (segment.Marker == App1 && segment.Body.StartsWith(Prefix))
                return segment.Body[Prefix.Length..];
        }

        return [];
    }

    /// <summary>RFC 9649: the chunk EXIF, mostly the last one.</summary>
    private static ReadOnlySpan<byte> FindInWebp(ReadOnlySpan<byte> rest)
    {
        const int Header = 8;
        while (rest.Length >= Header)
        {
            var length = BinaryPrimitives.ReadUInt32LittleEndian(rest[4..]);
            if (length > rest.Length - Header)
                return [];

            var body = rest.Slice(Header, (int)length);
            if (rest.StartsWith("EXIF"u8))
                return WithoutPrefix(body);

            var isPadded = length % 2 == 1 && rest.Length > Header + length;
            rest = rest[(Header + (int)length + (isPadded ? 1 : 0))..];
        }

        return [];
    }

    private static ReadOnlySpan<byte> Prefix => "Exif\0\0"u8;

    /// <summary>PNG and WebP need no prefix; some programs write that of JPEG.</summary>
    private static ReadOnlySpan<byte> WithoutPrefix(ReadOnlySpan<byte> body) =>
        body.StartsWith(Prefix) ? body[Prefix.Length..] : body;
}
