using System.Buffers.Binary;
using System.Text;
using System.Text.Unicode;

namespace FaceSearch.Infrastructure.FaceEngine.Imaging.Metadata;

/// <summary>
/// One directory of a TIFF 6.0 structure. Values that are missing, of another type, or out of range count as missing;
/// nothing throws. Another directory is read only by <see cref="Follow"/>, so that cycles and chains of directories are
/// never followed.
/// </summary>
internal readonly ref struct TiffDirectory
{
    private const int HeaderBytes = 8;
    private const int EntryBytes = 12;

    /// <summary>Longer texts are truncated.</summary>
    private const int MaxTextBytes = 1024;

    private readonly ReadOnlySpan<byte> tiff;
    private readonly ReadOnlySpan<byte> entries;
    private readonly bool isBigEndian;

    private TiffDirectory(ReadOnlySpan<byte> tiff, bool isBigEndian, uint offset)
    {
        this.tiff = tiff;
        this.isBigEndian = isBigEndian;
        if (offset < HeaderBytes || offset > tiff.Length - 2)
            return;

        var rest = tiff[(int)offset..];
        var count = Math.Min(ReadUInt16(rest), (rest.Length - 2) / EntryBytes);
        entries = rest.Slice(2, count * EntryBytes);
    }

    /// <summary>The main directory; an empty one if the bytes are no TIFF structure.</summary>
    public static TiffDirectory Open(ReadOnlySpan<byte> tiff)
    {
        var isBigEndian = tiff.StartsWith("MM\0*"u8);
        if (tiff.Length < HeaderBytes || (!isBigEndian && !tiff.StartsWith("II*\0"u8)))
            return default;

        var offset = tiff[4..];
        return new TiffDirectory(tiff, isBigEndian, isBigEndian
            ? BinaryPrimitives.ReadUInt32BigEndian(offset)
            : BinaryPrimitives.ReadUInt32LittleEndian(offset));
    }

    /// <summary>The directory that a tag points to.</summary>
    public TiffDirectory Follow(ExifTag tag) =>
        Values(tag, Type.Long, sizeof(uint)) is { Length: sizeof(uint) } pointer
            ? new TiffDirectory(tiff, isBigEndian, ReadUInt32(pointer))
            : default;

    /// <summary>A single 16-bit number.</summary>
    public int? Short(ExifTag tag) =>
        Values(tag, Type.Short, sizeof(ushort)) is { Length: sizeof(ushort) } value ? ReadUInt16(value) : null;

    /// <summary>Printable text, trimmed: UTF-8, or Latin-1 where it is not.</summary>
    public string? Text(ExifTag tag)
    {
        var bytes = Values(tag, Type.Ascii, sizeof(byte));
        if (bytes.IsEmpty)
            return null;

        bytes = bytes[..Math.Min(bytes.Length, MaxTextBytes)];
        if (bytes.IndexOf((byte)0) is var end and >= 0)
            bytes = bytes[..end];

        var text = (Utf8.IsValid(bytes) ? Encoding.UTF8 : Encoding.Latin1).GetString(bytes);
        return string.Concat(text.Where(letter => !char.IsControl(letter))).Trim();
    }

    /// <summary>Degrees, minutes and seconds in degrees; null unless all three are finite.</summary>
    public double? Angle(ExifTag tag)
    {
        const int RationalBytes = 2 * sizeof(uint);
        var values = Values(tag, Type.Rational, RationalBytes);
        if (values.Length != 3 * RationalBytes)
            return null;

        var angle = Rational(values)
            + (Rational(values[RationalBytes..]) / 60)
            + (Rational(values[(2 * RationalBytes)..]) / 3600);
        return double.IsFinite(angle) ? angle : null;
    }

    /// <summary>Cameras write 0/0 for unknown seconds.</summary>
    private double Rational(ReadOnlySpan<byte> bytes)
    {
        var numerator = ReadUInt32(bytes);
        return numerator == 0 ? 0 : numerator / (double)ReadUInt32(bytes[sizeof(uint)..]);
    }

    /// <summary>The bytes of a tag's values; empty if it is not there, of another type, or points outside.</summary>
    private ReadOnlySpan<byte> Values(ExifTag tag, Type type, int size)
    {
        for (var rest = entries; !rest.IsEmpty; rest = rest[EntryBytes..])
        {
            if (ReadUInt16(rest) != (ushort)tag)
                continue;
            if (ReadUInt16(rest[2..]) != (ushort)type)
                return [];

            var bytes = (long)ReadUInt32(rest[4..]) * size;
            if (bytes <= sizeof(uint))
                return rest.Slice(8, (int)bytes);

            var offset = ReadUInt32(rest[8..]);
            return offset + bytes <= tiff.Length ? tiff.Slice((int)offset, (int)bytes) : [];
        }

        return [];
    }

    private ushort ReadUInt16(ReadOnlySpan<byte> bytes) =>
        isBigEndian ? BinaryPrimitives.ReadUInt16BigEndian(bytes) : BinaryPrimitives.ReadUInt16LittleEndian(bytes);

    private uint ReadUInt32(ReadOnlySpan<byte> bytes) =>
        isBigEndian ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : BinaryPrimitives.ReadUInt32LittleEndian(bytes);

    private enum Type : ushort
    {
        Ascii = 2,
        Short = 3,
        Long = 4,
        Rational = 5,
    }
}
