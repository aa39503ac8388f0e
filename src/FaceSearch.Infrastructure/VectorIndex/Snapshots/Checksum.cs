using System.Numerics;
using System.Runtime.InteropServices;

namespace FaceSearch.Infrastructure.VectorIndex.Snapshots;

internal static class Checksum
{
    /// <summary>
    /// CRC-32C of four interleaved streams of 64-bit words, to use the processor's CRC unit fully, combined to 64 bits.
    /// It detects damage; it is not cryptographic.
    /// </summary>
    public static ulong Of(ReadOnlySpan<byte> bytes)
    {
        var words = MemoryMarshal.Cast<byte, ulong>(bytes);
        uint a = 1, b = 2, c = 3, d = 4;
        var i = 0;
        for (; i + 3 < words.Length; i += 4)
        {
            a = BitOperations.Crc32C(a, words[i]);
            b = BitOperations.Crc32C(b, words[i + 1]);
            c = BitOperations.Crc32C(c, words[i + 2]);
            d = BitOperations.Crc32C(d, words[i + 3]);
        }

        foreach (var rest in bytes[(i * sizeof(ulong))..])
            a = BitOperations.Crc32C(a, rest);

        return (ulong)BitOperations.Crc32C(a, b) << 32 | BitOperations.Crc32C(c, d);
    }
}
