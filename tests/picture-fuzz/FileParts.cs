using System.Buffers.Binary;
using System.IO.Hashing;

namespace FaceSearch.PictureFuzz;

/// <summary>Where the parts of a possibly damaged file are.</summary>
internal static class FileParts
{
    private const int PngSignature = 8, PngFrame = 12, RiffHeader = 12;

    /// <summary>Segments of a JPEG, chunks of a PNG or WebP, or blocks of equal length. They cover the file.</summary>
    public static List<Range> Split(byte[] file)
    {
        var parts = new List<Range>();
        var start = 0;
        foreach (var end in Ends(file).Append(file.Length).Where(end => end > start && end <= file.Length))
        {
            parts.Add(start..end);
            start = end;
        }

        return parts;
    }

    /// <summary>Where lengths of segments and chunks are.</summary>
    public static List<int> Lengths(byte[] file)
    {
        var offset = IsJpeg(file) ? 2 : IsWebp(file) ? 4 : 0;
        return [.. Ends(file).Select(end => end + offset).Where(at => at < file.Length - 4)];
    }

    /// <summary>Where bytes of widths and heights are.</summary>
    public static List<int> Sizes(byte[] file)
    {
        var sizes = new List<int>();
        if (IsPng(file))
            sizes.AddRange([18, 22]);
        else if (IsJpeg(file))
            sizes.AddRange(Split(file).Where(part => file[part] is [0xFF, >= 0xC0 and <= 0xCF, ..]).SelectMany(part => (int[])[part.Start.Value + 5, part.Start.Value + 7]));
        else if (IsWebp(file))
            sizes.AddRange([24, 27, 26, 28, 21]);
        else
            sizes.AddRange([6, 8, 18, 19, 22, 23]);

        return [.. sizes.Where(at => at < file.Length - 2)];
    }

    /// <summary>The file, changed in place: a PNG's checksums are right.</summary>
    public static byte[] WithChecksums(byte[] file)
    {
        if (!IsPng(file))
            return file;

        foreach (var part in Split(file).Skip(1).Select(part => part.GetOffsetAndLength(file.Length)).Where(part => part.Length >= PngFrame))
        {
            var chunk = file.AsSpan(part.Offset, part.Length);
            BinaryPrimitives.WriteUInt32BigEndian(chunk[^4..], Crc32.HashToUInt32(chunk[4..^4]));
        }

        return file;
    }

    private static IEnumerable<int> Ends(byte[] file)
    {
        if (IsPng(file))
            return Walk(file, PngSignature, at => PngFrame + (long)BinaryPrimitives.ReadUInt32BigEndian(file.AsSpan(at)));
        if (IsWebp(file))
            return Walk(file, RiffHeader, at => 8 + (long)BinaryPrimitives.ReadUInt32LittleEndian(file.AsSpan(at + 4)));
        if (IsJpeg(file))
            return Walk(file, 2, at => file[at] != 0xFF || file[at + 1] == 0xDA ? file.Length : 2 + BinaryPrimitives.ReadUInt16BigEndian(file.AsSpan(at + 2)));

        return Walk(file, 14, _ => 64);
    }

    private static IEnumerable<int> Walk(byte[] file, long start, Func<int, long> lengthAt)
    {
        for (var at = start; at + 8 <= file.Length; at += lengthAt((int)at))
            yield return (int)at;
    }

    private static bool IsPng(byte[] file) => file is [0x89, (byte)'P', ..];

    private static bool IsJpeg(byte[] file) => file is [0xFF, 0xD8, ..];

    private static bool IsWebp(byte[] file) => file is [(byte)'R', (byte)'I', ..];
}
