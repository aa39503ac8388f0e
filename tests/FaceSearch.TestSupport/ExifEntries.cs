using System.Text;

namespace FaceSearch.TestSupport;

/// <summary>A minimal EXIF block, little-endian, as TIFF 6.0 and EXIF 2.32 lay it out.</summary>
public sealed class ExifEntries
{
    private readonly SortedDictionary<ushort, (ushort Type, uint Count, byte[] Value)> main = [];
    private readonly SortedDictionary<ushort, (ushort Type, uint Count, byte[] Value)> exif = [];
    private readonly SortedDictionary<ushort, (ushort Type, uint Count, byte[] Value)> gps = [];

    public ExifEntries Orientation(ushort value)
    {
        main[0x0112] = (3, 1, BitConverter.GetBytes(value));
        return this;
    }

    public ExifEntries Camera(string make, string model)
    {
        main[0x010F] = Ascii(make);
        main[0x0110] = Ascii(model);
        return this;
    }

    public ExifEntries TakenAt(string time, string? offset = null)
    {
        exif[0x9003] = Ascii(time);
        if (offset is not null)
            exif[0x9011] = Ascii(offset);
        return this;
    }

    public ExifEntries Position(string latitudeSide, uint[] latitude, string longitudeSide, uint[] longitude)
    {
        gps[1] = Ascii(latitudeSide);
        gps[2] = Rationals(latitude);
        gps[3] = Ascii(longitudeSide);
        gps[4] = Rationals(longitude);
        return this;
    }

    public byte[] ToTiff()
    {
        main[0x8769] = (4, 1, new byte[4]);
        main[0x8825] = (4, 1, new byte[4]);
        var exifStart = 8 + Size(main);
        var gpsStart = exifStart + Size(exif);
        main[0x8769] = (4, 1, BitConverter.GetBytes(exifStart));
        main[0x8825] = (4, 1, BitConverter.GetBytes(gpsStart));
        return [.. "II*\0"u8, 8, 0, 0, 0, .. Block(main, 8), .. Block(exif, exifStart), .. Block(gps, gpsStart)];
    }

    private static (ushort, uint, byte[]) Ascii(string text) =>
        (2, (uint)text.Length + 1, [.. Encoding.ASCII.GetBytes(text), 0]);

    /// <summary>Whole degrees, minutes and seconds.</summary>
    private static (ushort, uint, byte[]) Rationals(uint[] values) =>
        (5, (uint)values.Length, [.. values.SelectMany(value => BitConverter.GetBytes(value).Concat(BitConverter.GetBytes(1u)))]);

    private static int Size(SortedDictionary<ushort, (ushort Type, uint Count, byte[] Value)> entries) =>
        6 + (entries.Count * 12) + entries.Values.Sum(entry => entry.Value.Length > 4 ? entry.Value.Length : 0);

    private static byte[] Block(SortedDictionary<ushort, (ushort Type, uint Count, byte[] Value)> entries, int start)
    {
        using var table = new MemoryStream();
        using var values = new MemoryStream();
        var valuesStart = start + 6 + (entries.Count * 12);
        table.Write(BitConverter.GetBytes((ushort)entries.Count));
        foreach (var (tag, (type, count, value)) in entries)
        {
            table.Write(BitConverter.GetBytes(tag));
            table.Write(BitConverter.GetBytes(type));
            table.Write(BitConverter.GetBytes(count));
            if (value.Length <= 4)
            {
                table.Write([.. value, .. new byte[4 - value.Length]]);
                continue;
            }

            table.Write(BitConverter.GetBytes(valuesStart + (int)values.Length));
            values.Write(value);
        }

        table.Write(new byte[4]);
        return [.. table.ToArray(), .. values.ToArray()];
    }
}
