using System.Buffers.Binary;
using System.IO.Hashing;
using System.Text;
using System.Text.Unicode;
using FaceSearch.Application.Jobs;
using FaceSearch.Domain.Texts;

namespace FaceSearch.Infrastructure.Jobs.ArchiveEnrolment;

/// <summary>
/// The names of an archive's entries. Many programs write UTF-8 without its mark, or write the name a second time, in
/// Info-ZIP's Unicode Path field (0x7075), which System.IO.Compression does not read.
/// </summary>
internal static class ArchiveNames
{
    private const int FieldHeader = 4;
    private const int UnicodePathHeader = 5;

    /// <summary>The names in the order of the directory.</summary>
    /// <param name="given">Of the names that are not marked as UTF-8, as the client says; null when it says nothing.</param>
    /// <param name="otherwise">Of the names that are not valid UTF-8 when nothing is given.</param>
    public static string[] Read(string path, Encoding? given, Encoding otherwise) =>
        [.. ZipDirectory.ReadNames(path).Select(name => Decode(name, given, otherwise))];

    private static string Decode(ZipName name, Encoding? given, Encoding otherwise)
    {
        if (FindUnicodePath(name) is { } path)
            return path;

        var isUtf8 = (name.IsMarkedUtf8 || given is null) && Utf8.IsValid(name.Bytes);
        return TextEncodings.Decode(name.Bytes, isUtf8 ? Encoding.UTF8 : given ?? otherwise);
    }

    /// <summary>Null without the field, and when it belongs to another name, as the CRC says: the entry was renamed.</summary>
    private static string? FindUnicodePath(ZipName name)
    {
        for (var rest = name.Extra.AsSpan(); rest.Length >= FieldHeader;)
        {
            var length = BinaryPrimitives.ReadUInt16LittleEndian(rest[2..]);
            if (length > rest.Length - FieldHeader)
                return null;

            var field = rest.Slice(FieldHeader, length);
            if (BinaryPrimitives.ReadUInt16LittleEndian(rest) == 0x7075)
                return ReadUnicodePath(field, name.Bytes);

            rest = rest[(FieldHeader + length)..];
        }

        return null;
    }

    private static string? ReadUnicodePath(ReadOnlySpan<byte> field, byte[] name) =>
        field.Length > UnicodePathHeader
        && field[0] == 1
        && BinaryPrimitives.ReadUInt32LittleEndian(field[1..]) == Crc32.HashToUInt32(name)
        && Utf8.IsValid(field[UnicodePathHeader..])
            ? Encoding.UTF8.GetString(field[UnicodePathHeader..])
            : null;
}
