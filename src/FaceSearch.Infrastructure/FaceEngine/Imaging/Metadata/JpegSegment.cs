using System.Buffers.Binary;

namespace FaceSearch.Infrastructure.FaceEngine.Imaging.Metadata;

/// <summary>Walks over the segments of a JPEG (ITU T.81, annex B). Allocates nothing; its time is linear in the file.</summary>
internal readonly ref struct JpegSegment(byte marker, ReadOnlySpan<byte> body)
{
    private const byte Fill = 0xFF, StartOfScan = 0xDA, EndOfImage = 0xD9;

    /// <summary>The second byte of the marker.</summary>
    public byte Marker { get; } = marker;

    /// <summary>Without the marker and the length.</summary>
    public ReadOnlySpan<byte> Body { get; } = body;

    public bool IsScan => Marker == StartOfScan;

    /// <summary>The next segment of the header; its last is the start of the first scan.</summary>
    /// <param name="rest">What follows the last segment; at first, what follows the file's two first bytes.</param>
    /// <returns>False when there is none or it is cut off.</returns>
    public static bool TryRead(scoped ref ReadOnlySpan<byte> rest, out JpegSegment segment)
    {
        while (rest.Length >= 2 && rest[0] == Fill && rest[1] == Fill)
            rest = rest[1..];

        segment = default;
        if (rest.Length < 4 || rest[0] != Fill || rest[1] == EndOfImage)
            return false;

        var length = BinaryPrimitives.ReadUInt16BigEndian(rest[2..]);
        if (length < 2 || length > rest.Length - 2)
            return false;

        segment = new JpegSegment(rest[1], rest[4..(length + 2)]);
        rest = segment.IsScan ? [] : rest[(length + 2)..];
        return true;
    }
}
