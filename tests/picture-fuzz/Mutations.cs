using System.Buffers.Binary;

namespace FaceSearch.PictureFuzz;

/// <summary>Damages files: as bytes, and as the parts of their format.</summary>
internal static class Mutations
{
    private const int MaxBytes = 2_000_000;

    private static readonly uint[] Numbers = [0, 1, 2, 0x7F, 0xFF, 0x100, 3000, 0x7FFF, 0xFFFF, 0x10000, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF];

    public static byte[] Apply(byte[] file, Random random) => random.Next(9) switch
    {
        0 => FlipBits(file, random),
        1 => file[..random.Next(file.Length)],
        2 => Overwrite(file, random),
        3 => WriteNumber(file, random.Next(file.Length), random),
        4 => WriteNumber(file, random.Next(Math.Min(file.Length, 64)), random),
        5 => ChangeLength(file, random),
        6 => WriteSize(file, random),
        7 => RearrangeParts(file, random),
        _ => MoveBytes(file, random),
    };

    private static byte[] FlipBits(byte[] file, Random random)
    {
        byte[] copy = [.. file];
        for (var left = random.Next(1, 33); left > 0; left--)
            copy[random.Next(copy.Length)] ^= (byte)(1 << random.Next(8));

        return WithChecksums(copy, random);
    }

    private static byte[] Overwrite(byte[] file, Random random)
    {
        byte[] copy = [.. file];
        var start = random.Next(copy.Length);
        var part = copy.AsSpan(start, random.Next(1 + Math.Min(512, copy.Length - start)));
        if (random.Next(2) == 0)
            part.Fill((byte)(random.Next(2) * 255));
        else
            random.NextBytes(part);

        return WithChecksums(copy, random);
    }

    private static byte[] WriteNumber(byte[] file, int at, Random random)
    {
        byte[] copy = [.. file];
        var number = Numbers[random.Next(Numbers.Length)];
        var bytes = new byte[4];
        if (random.Next(2) == 0)
            BinaryPrimitives.WriteUInt32LittleEndian(bytes, number);
        else
            BinaryPrimitives.WriteUInt32BigEndian(bytes, number);

        var length = Math.Min(random.Next(2) == 0 ? 2 : 4, copy.Length - at);
        bytes.AsSpan(random.Next(2) * (4 - length), length).CopyTo(copy.AsSpan(at));
        return WithChecksums(copy, random);
    }

    private static byte[] MoveBytes(byte[] file, Random random)
    {
        var start = random.Next(file.Length);
        var part = file.AsSpan(start, random.Next(1 + Math.Min(4096, file.Length - start))).ToArray();
        byte[] rest = random.Next(2) == 0 ? [.. file[..start], .. file[(start + part.Length)..]] : file;
        var target = random.Next(rest.Length + 1);
        return Limit([.. rest[..target], .. part, .. rest[target..]]);
    }

    /// <summary>Swaps, repeats or drops segments of a JPEG and chunks of a PNG or WebP.</summary>
    private static byte[] RearrangeParts(byte[] file, Random random)
    {
        var parts = FileParts.Split(file).Select(part => file[part]).ToList();
        var (one, other) = (random.Next(parts.Count), random.Next(parts.Count));
        switch (random.Next(3))
        {
            case 0:
                (parts[one], parts[other]) = (parts[other], parts[one]);
                break;
            case 1:
                parts.InsertRange(other, Enumerable.Repeat(parts[one], random.Next(1, 20)));
                break;
            default:
                parts.RemoveAt(one);
                break;
        }

        return Limit([.. parts.SelectMany(part => part)]);
    }

    private static byte[] ChangeLength(byte[] file, Random random)
    {
        var lengths = FileParts.Lengths(file);
        return lengths.Count == 0 ? FlipBits(file, random) : WriteNumber(file, lengths[random.Next(lengths.Count)], random);
    }

    /// <summary>Another width or height in the header.</summary>
    private static byte[] WriteSize(byte[] file, Random random)
    {
        var sizes = FileParts.Sizes(file);
        if (sizes.Count == 0)
            return FlipBits(file, random);

        byte[] copy = [.. file];
        random.NextBytes(copy.AsSpan(sizes[random.Next(sizes.Count)], 1 + random.Next(2)));
        return FileParts.WithChecksums(copy);
    }

    private static byte[] WithChecksums(byte[] file, Random random) => random.Next(2) == 0 ? file : FileParts.WithChecksums(file);

    private static byte[] Limit(byte[] file) => file.Length <= MaxBytes ? file : file[..MaxBytes];
}
