using System.Buffers.Binary;
using FaceSearch.Application.Results;

namespace FaceSearch.Application.Jobs;

/// <summary>
/// Checks a zip's directory before it is parsed: parsing takes memory for each record and its name. First the counts that
/// the zip states are compared with the limits, then the records are counted one by one, as the stated counts may be
/// false. The places are those where <see cref="System.IO.Compression.ZipArchive"/> reads.
/// </summary>
public static class ZipDirectory
{
    private const int RecordLength = 46;
    private const int EndLength = 22;
    private const int LongestComment = ushort.MaxValue;
    private const int LocatorLength = 20;
    private const int LargeEndLength = 56;
    private const int Utf8Flag = 1 << 11;

    /// <summary>Names and extra fields included. Typical records have about 100 bytes.</summary>
    private const long BytesPerRecord = 256;

    private const long AlwaysAllowedBytes = 1 << 20;

    /// <returns>Errors: <c>not-an-archive</c>, <c>too-many-entries</c>. Null when the directory may be parsed.</returns>
    public static Error? FindFault(string path, int maxEntries)
    {
        using var file = File.OpenRead(path);
        if (FindEnd(file) is not { } stated)
            return JobErrors.NotAnArchive;

        var limits = new Measure(maxEntries, Math.Max(AlwaysAllowedBytes, maxEntries * BytesPerRecord));
        return FindExcess(stated.Directory, limits) ?? Walk(file, stated.Start, limits);
    }

    /// <summary>The names of the records, in order, of a file in which <see cref="FindFault"/> has found no fault.</summary>
    public static IEnumerable<ZipName> ReadNames(string path)
    {
        using var file = File.OpenRead(path);
        if (FindEnd(file) is not { } stated)
            yield break;

        file.Position = stated.Start;
        var record = new byte[RecordLength];
        while (IsRecord(file, record))
        {
            var (name, extra) = (new byte[UInt16(record, 28)], new byte[UInt16(record, 30)]);
            file.ReadExactly(name);
            file.ReadExactly(extra);
            file.Seek(UInt16(record, 32), SeekOrigin.Current);
            yield return new ZipName(name, extra, IsMarkedUtf8: (UInt16(record, 8) & Utf8Flag) != 0);
        }
    }

    private static Error? FindExcess(Measure found, Measure limits)
    {
        if (found.Records > limits.Records)
            return JobErrors.TooManyEntries(limits.Records);

        return found.Bytes > limits.Bytes ? JobErrors.DirectoryTooLarge(limits.Bytes) : null;
    }

    private static Error? Walk(FileStream file, long start, Measure limits)
    {
        file.Position = start;
        Span<byte> record = stackalloc byte[RecordLength];
        for (var found = default(Measure); IsRecord(file, record);)
        {
            var rest = UInt16(record, 28) + UInt16(record, 30) + UInt16(record, 32);
            found = new Measure(found.Records + 1, found.Bytes + RecordLength + rest);
            if (FindExcess(found, limits) is { } excess)
                return excess;

            file.Seek(rest, SeekOrigin.Current);
        }

        return null;
    }

    private static bool IsRecord(FileStream file, Span<byte> record) =>
        file.ReadAtLeast(record, record.Length, throwOnEndOfStream: false) == record.Length
        && record.StartsWith("PK\u0001\u0002"u8);

    /// <summary>The directory as the end record states it; null when there is none.</summary>
    private static End? FindEnd(FileStream file)
    {
        var tail = new byte[Math.Min(file.Length, EndLength + LongestComment)];
        file.Position = file.Length - tail.Length;
        file.ReadExactly(tail);
        var at = tail.Length < EndLength ? -1 : tail.AsSpan(..^(EndLength - 4)).LastIndexOf("PK\u0005\u0006"u8);
        if (at < 0)
            return null;

        var end = tail.AsSpan(at, EndLength);
        var stated = new End(UInt32(end, 16), new Measure(UInt16(end, 10), UInt32(end, 12)));
        var isLarge = UInt16(end, 4) == ushort.MaxValue || UInt16(end, 10) == ushort.MaxValue || UInt32(end, 16) == uint.MaxValue;
        if (isLarge)
            stated = FindLargeEnd(file, file.Length - tail.Length + at) ?? stated;

        return stated.Start >= 0 && stated.Start <= file.Length ? stated : null;
    }

    /// <summary>The end record of Zip64; null when there is none.</summary>
    /// <param name="end">The position of the other end record, which its locator precedes.</param>
    private static End? FindLargeEnd(FileStream file, long end)
    {
        Span<byte> locator = stackalloc byte[LocatorLength];
        if (!TryRead(file, end - LocatorLength, locator) || !locator.StartsWith("PK\u0006\u0007"u8))
            return null;

        Span<byte> large = stackalloc byte[LargeEndLength];
        return TryRead(file, Int64(locator, 8), large) && large.StartsWith("PK\u0006\u0006"u8)
            ? new End(Int64(large, 48), new Measure(Int64(large, 32), Int64(large, 40)))
            : null;
    }

    private static bool TryRead(FileStream file, long position, Span<byte> bytes)
    {
        if (position < 0 || position > file.Length - bytes.Length)
            return false;

        file.Position = position;
        file.ReadExactly(bytes);
        return true;
    }

    private static int UInt16(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt16LittleEndian(bytes[at..]);

    private static uint UInt32(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt32LittleEndian(bytes[at..]);

    /// <summary>Larger numbers become the largest one.</summary>
    private static long Int64(ReadOnlySpan<byte> bytes, int at) =>
        (long)Math.Min(long.MaxValue, BinaryPrimitives.ReadUInt64LittleEndian(bytes[at..]));

    private readonly record struct Measure(long Records, long Bytes);

    /// <param name="Start">The position of the directory's first record.</param>
    private readonly record struct End(long Start, Measure Directory);
}

/// <summary>An entry's name as the directory has it.</summary>
/// <param name="Extra">The record's extra fields.</param>
public sealed record ZipName(byte[] Bytes, byte[] Extra, bool IsMarkedUtf8);
