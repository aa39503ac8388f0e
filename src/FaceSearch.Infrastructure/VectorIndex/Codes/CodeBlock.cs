using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace FaceSearch.Infrastructure.VectorIndex.Codes;

/// <summary>
/// Where the bytes of 16 neighbouring rows lie, so that one vector instruction works on all of them.
/// </summary>
/// <remarks>
/// For each group of 8 dimensions 64 bytes, 4 a row: byte j of a row holds dimension j of the group in its low nibble
/// and dimension j + 4 in its high one. Behind the groups one float per row, half the squared norm, and 32 bits per
/// row: the error norm in the upper half, the scale in the lower, each as the upper half of a float (bfloat16).
/// </remarks>
internal static class CodeBlock
{
    public const int Rows = 16;
    public const int GroupDimensions = 8;
    public const int GroupBytes = 64;
    public const int FactorBytes = 2 * Rows * sizeof(float);

    private const int RowBytes = 4;

    /// <summary>Dimensions are filled up to a multiple of this: four groups make one step of a scan.</summary>
    public const int Step = 4 * GroupDimensions;

    public static int Padded(int length) => (length + Step - 1) / Step * Step;

    public static int Bytes(int stride) => stride / GroupDimensions * GroupBytes + FactorBytes;

    public static int Count(int rows) => (rows + Rows - 1) / Rows;

    /// <summary>
    /// Overwrites one row with zeros and with factors that no threshold admits, so that scans pass over it.
    /// </summary>
    public static void Erase(Span<byte> block, int row)
    {
        var floats = MemoryMarshal.Cast<byte, float>(block[^FactorBytes..]);
        floats[row] = float.MaxValue;
        floats[Rows + row] = 0;
        for (var group = 0; group < block.Length - FactorBytes; group += GroupBytes)
            block.Slice(group + row * RowBytes, RowBytes).Clear();
    }

    /// <summary>Writes one row; the bytes of the block's other rows are left alone.</summary>
    public static void Write(Span<byte> block, int row, ReadOnlySpan<byte> codes, in RowFactors factors)
    {
        for (var i = 0; i < codes.Length; i += GroupDimensions)
        {
            var target = block.Slice(i / GroupDimensions * GroupBytes + row * RowBytes, RowBytes);
            for (var j = 0; j < RowBytes; j++)
                target[j] = (byte)(codes[i + j] | codes[i + j + RowBytes] << 4);
        }

        var floats = MemoryMarshal.Cast<byte, float>(block[^FactorBytes..]);
        floats[row] = factors.HalfSquaredNorm;
        floats[Rows + row] = BitConverter.UInt32BitsToSingle(factors.Packed);
    }
}

/// <summary>
/// What the bound needs of a row besides its codes.
/// </summary>
/// <param name="Scale">Codes c stand for <c>Scale * (c - 7.5)</c>; has at most 8 significant bits.</param>
/// <param name="Error">At least the norm of what the codes leave out.</param>
/// <param name="HalfSquaredNorm">At most half the squared norm of the row.</param>
internal readonly record struct RowFactors(float Scale, float Error, float HalfSquaredNorm)
{
    /// <summary>Read as a float it is at least <see cref="Error"/>; shifted left by 16 it is <see cref="Scale"/>.</summary>
    public uint Packed => Ceiling(Error) | Upper(Scale);

    /// <summary>The nearest smaller float of 8 significant bits.</summary>
    public static float Truncate(float value) => BitConverter.UInt32BitsToSingle(Upper(value) << 16);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Upper(float value) => BitConverter.SingleToUInt32Bits(value) >> 16;

    private static uint Ceiling(float value)
    {
        var bits = BitConverter.SingleToUInt32Bits(value);
        return (bits & 0xFFFF) == 0 ? bits : (bits & 0xFFFF0000) + 0x10000;
    }
}
