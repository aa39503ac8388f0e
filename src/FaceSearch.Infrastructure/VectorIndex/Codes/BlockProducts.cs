using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace FaceSearch.Infrastructure.VectorIndex.Codes;

/// <summary>The integer inner products of a probe's codes with the codes of a block's 16 rows.</summary>
internal interface IBlockProducts
{
    static abstract bool IsSupported { get; }

    /// <param name="block">A block's codes; see <see cref="CodeBlock"/>.</param>
    /// <param name="probe">The probe's codes, four to an element.</param>
    /// <param name="groups">Groups of 8 dimensions; a multiple of 4.</param>
    static abstract Vector512<int> Products(ref byte block, ref int probe, int groups);

    /// <summary>The products with two probes: a row's codes are loaded and taken apart once for both.</summary>
    static abstract (Vector512<int> First, Vector512<int> Second) Products(
        ref byte block, ref int first, ref int second, int groups);
}

/// <summary>VPDPBUSD on 256 bits. High nibbles stay where they are, so their sum is 16 times too large until the end.</summary>
internal readonly struct VnniProducts : IBlockProducts
{
    public static bool IsSupported => AvxVnni.IsSupported;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> Products(ref byte block, ref int probe, int groups)
    {
        var nibbles = Vector256.Create((byte)0x0F);
        Vector256<int> low0 = default, low1 = default, high0 = default, high1 = default;
        for (var g = 0; g < groups; g++)
        {
            var probeLow = Vector256.Create(Unsafe.Add(ref probe, 2 * g)).AsSByte();
            var probeHigh = Vector256.Create(Unsafe.Add(ref probe, 2 * g + 1)).AsSByte();
            var rows0 = Vector256.LoadUnsafe(ref block, (nuint)(g * CodeBlock.GroupBytes));
            var rows1 = Vector256.LoadUnsafe(ref block, (nuint)(g * CodeBlock.GroupBytes + 32));
            low0 = AvxVnni.MultiplyWideningAndAdd(low0, rows0 & nibbles, probeLow);
            low1 = AvxVnni.MultiplyWideningAndAdd(low1, rows1 & nibbles, probeLow);
            high0 = AvxVnni.MultiplyWideningAndAdd(high0, Vector256.AndNot(rows0, nibbles), probeHigh);
            high1 = AvxVnni.MultiplyWideningAndAdd(high1, Vector256.AndNot(rows1, nibbles), probeHigh);
        }

        return Vector512.Create(low0 + (high0 >> 4), low1 + (high1 >> 4));
    }

    /// <summary>Eight sums and the codes of two probes would not fit 16 registers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (Vector512<int> First, Vector512<int> Second) Products(
        ref byte block, ref int first, ref int second, int groups) =>
        (Products(ref block, ref first, groups), Products(ref block, ref second, groups));
}

/// <summary>VPMADDUBSW on 512 bits. 16 bits hold four groups: 4 * 4 * 15 * 127 = 30,480.</summary>
internal readonly struct Avx512Products : IBlockProducts
{
    public static bool IsSupported => Avx512BW.IsSupported;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> Products(ref byte block, ref int probe, int groups)
    {
        var ones = Vector512.Create((short)1);
        var sum = Vector512<int>.Zero;
        for (var g = 0; g < groups; g += 4)
        {
            var four = Pairs(ref block, ref probe, g) + Pairs(ref block, ref probe, g + 1)
                + (Pairs(ref block, ref probe, g + 2) + Pairs(ref block, ref probe, g + 3));
            sum += Avx512BW.MultiplyAddAdjacent(four, ones);
        }

        return sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (Vector512<int> First, Vector512<int> Second) Products(
        ref byte block, ref int first, ref int second, int groups)
    {
        var ones = Vector512.Create((short)1);
        Vector512<int> firstSum = default, secondSum = default;
        for (var g = 0; g < groups; g += 4)
        {
            Vector512<short> firstFour = default, secondFour = default;
            for (var i = g; i < g + 4; i++)
            {
                var (low, high) = Nibbles(ref block, i);
                firstFour += Pairs(low, high, ref first, i);
                secondFour += Pairs(low, high, ref second, i);
            }

            firstSum += Avx512BW.MultiplyAddAdjacent(firstFour, ones);
            secondSum += Avx512BW.MultiplyAddAdjacent(secondFour, ones);
        }

        return (firstSum, secondSum);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<short> Pairs(ref byte block, ref int probe, int g)
    {
        var (low, high) = Nibbles(ref block, g);
        return Pairs(low, high, ref probe, g);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector512<byte> Low, Vector512<byte> High) Nibbles(ref byte block, int g)
    {
        var nibbles = Vector512.Create((byte)0x0F);
        var rows = Vector512.LoadUnsafe(ref block, (nuint)(g * CodeBlock.GroupBytes));
        return (rows & nibbles, (rows.AsUInt16() >> 4).AsByte() & nibbles);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<short> Pairs(Vector512<byte> low, Vector512<byte> high, ref int probe, int g) =>
        Avx512BW.MultiplyAddAdjacent(low, Vector512.Create(Unsafe.Add(ref probe, 2 * g)).AsSByte())
        + Avx512BW.MultiplyAddAdjacent(high, Vector512.Create(Unsafe.Add(ref probe, 2 * g + 1)).AsSByte());
}

/// <summary>VPMADDUBSW on 256 bits.</summary>
internal readonly struct Avx2Products : IBlockProducts
{
    public static bool IsSupported => Avx2.IsSupported;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> Products(ref byte block, ref int probe, int groups) => Vector512.Create(
        EightRows(ref block, ref probe, groups), EightRows(ref Unsafe.Add(ref block, 32), ref probe, groups));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> EightRows(ref byte block, ref int probe, int groups)
    {
        var ones = Vector256.Create((short)1);
        var sum = Vector256<int>.Zero;
        for (var g = 0; g < groups; g += 4)
        {
            var four = Pairs(ref block, ref probe, g) + Pairs(ref block, ref probe, g + 1)
                + (Pairs(ref block, ref probe, g + 2) + Pairs(ref block, ref probe, g + 3));
            sum += Avx2.MultiplyAddAdjacent(four, ones);
        }

        return sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (Vector512<int> First, Vector512<int> Second) Products(
        ref byte block, ref int first, ref int second, int groups)
    {
        var (first0, second0) = EightRows(ref block, ref first, ref second, groups);
        var (first8, second8) = EightRows(ref Unsafe.Add(ref block, 32), ref first, ref second, groups);
        return (Vector512.Create(first0, first8), Vector512.Create(second0, second8));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector256<int> First, Vector256<int> Second) EightRows(
        ref byte block, ref int first, ref int second, int groups)
    {
        var ones = Vector256.Create((short)1);
        Vector256<int> firstSum = default, secondSum = default;
        for (var g = 0; g < groups; g += 4)
        {
            Vector256<short> firstFour = default, secondFour = default;
            for (var i = g; i < g + 4; i++)
            {
                var (low, high) = Nibbles(ref block, i);
                firstFour += Pairs(low, high, ref first, i);
                secondFour += Pairs(low, high, ref second, i);
            }

            firstSum += Avx2.MultiplyAddAdjacent(firstFour, ones);
            secondSum += Avx2.MultiplyAddAdjacent(secondFour, ones);
        }

        return (firstSum, secondSum);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<short> Pairs(ref byte block, ref int probe, int g)
    {
        var (low, high) = Nibbles(ref block, g);
        return Pairs(low, high, ref probe, g);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector256<byte> Low, Vector256<byte> High) Nibbles(ref byte block, int g)
    {
        var nibbles = Vector256.Create((byte)0x0F);
        var rows = Vector256.LoadUnsafe(ref block, (nuint)(g * CodeBlock.GroupBytes));
        return (rows & nibbles, (rows.AsUInt16() >> 4).AsByte() & nibbles);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<short> Pairs(Vector256<byte> low, Vector256<byte> high, ref int probe, int g) =>
        Avx2.MultiplyAddAdjacent(low, Vector256.Create(Unsafe.Add(ref probe, 2 * g)).AsSByte())
        + Avx2.MultiplyAddAdjacent(high, Vector256.Create(Unsafe.Add(ref probe, 2 * g + 1)).AsSByte());
}

/// <summary>128 bits of any processor: each of a row's 4 bytes is moved to the bottom of its 32 bits and multiplied.</summary>
internal readonly struct Vector128Products : IBlockProducts
{
    public static bool IsSupported => Vector128.IsHardwareAccelerated;

    public static Vector512<int> Products(ref byte block, ref int probe, int groups)
    {
        var (rows0, rows4) = (FourRows(ref block, ref probe, groups), FourRows(ref Unsafe.Add(ref block, 16), ref probe, groups));
        var rows8 = FourRows(ref Unsafe.Add(ref block, 32), ref probe, groups);
        var rows12 = FourRows(ref Unsafe.Add(ref block, 48), ref probe, groups);
        return Vector512.Create(Vector256.Create(rows0, rows4), Vector256.Create(rows8, rows12));
    }

    public static (Vector512<int> First, Vector512<int> Second) Products(
        ref byte block, ref int first, ref int second, int groups) =>
        (Products(ref block, ref first, groups), Products(ref block, ref second, groups));

    /// <summary>Low nibbles are taken as pairs of 16 bits: 16 bits hold a product, 32 bits their sums.</summary>
    private static Vector128<int> FourRows(ref byte block, ref int probe, int groups)
    {
        var nibble = Vector128.Create(0x0F);
        var sum = Vector128<int>.Zero;
        for (var g = 0; g < groups; g++)
        {
            var rows = Vector128.LoadUnsafe(ref block, (nuint)(g * CodeBlock.GroupBytes)).AsInt32();
            var (low, high) = (Unsafe.Add(ref probe, 2 * g), Unsafe.Add(ref probe, 2 * g + 1));
            for (var shift = 0; shift < 32; shift += 8)
            {
                sum += ((rows >>> shift) & nibble) * (sbyte)(low >> shift);
                sum += ((rows >>> (shift + 4)) & nibble) * (sbyte)(high >> shift);
            }
        }

        return sum;
    }
}

/// <summary>Without vectors.</summary>
internal readonly struct ScalarProducts : IBlockProducts
{
    public static bool IsSupported => true;

    public static Vector512<int> Products(ref byte block, ref int probe, int groups)
    {
        Span<int> sums = stackalloc int[CodeBlock.Rows];
        var bytes = MemoryMarshal.CreateReadOnlySpan(ref block, groups * CodeBlock.GroupBytes);
        for (var i = 0; i < bytes.Length; i++)
        {
            var (group, shift) = (i / CodeBlock.GroupBytes, i % 4 * 8);
            sums[i % CodeBlock.GroupBytes / 4] += (bytes[i] & 0x0F) * (sbyte)(Unsafe.Add(ref probe, 2 * group) >> shift)
                + (bytes[i] >> 4) * (sbyte)(Unsafe.Add(ref probe, 2 * group + 1) >> shift);
        }

        return Vector512.Create((ReadOnlySpan<int>)sums);
    }

    public static (Vector512<int> First, Vector512<int> Second) Products(
        ref byte block, ref int first, ref int second, int groups) =>
        (Products(ref block, ref first, groups), Products(ref block, ref second, groups));
}
