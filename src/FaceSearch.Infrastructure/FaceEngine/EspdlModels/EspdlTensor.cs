using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace FaceSearch.Infrastructure.FaceEngine.EspdlModels;

/// <summary>
/// A constant: whole numbers times a power of two, so that single precision holds them exactly (int8) or to 24 bits (int32).
/// Weights are laid out in blocks of 16 output channels.
/// </summary>
/// <param name="Raw">At least the items; it is padded to a multiple of 16 bytes.</param>
internal sealed record EspdlTensor(
    string Name, IReadOnlyList<int> Shape, EspdlType Type, string Layout, int Exponent, ReadOnlyMemory<byte> Raw)
{
    private const int Block = 16;
    private const int MaxExponent = 64;
    private const int MaxRank = 8;

    /// <summary>What the files call the layout of weights; their documentation strings end with it.</summary>
    private const string Blocked = "N16HWC16";

    public int Count => Shape.Aggregate(1, (count, size) => count * size);

    public static EspdlTensor Read(FlatBufferTable table)
    {
        var (name, raw) = (table.String(6), table.Vector(8, Block));
        var exponents = table.Int64s(13, MaxRank);
        if (exponents is not [>= -MaxExponent and <= MaxExponent])
            throw new EspdlFormatException($"{name} needs one exponent from -{MaxExponent} to {MaxExponent}.");

        var type = (EspdlType)table.Int32(1, 0);
        var itemBytes = type switch
        {
            EspdlType.Int8 => 1,
            EspdlType.Int32 => sizeof(int),
            _ => throw new EspdlFormatException($"{name} has the unknown type {(int)type}."),
        };
        return new EspdlTensor(
            name, ReadShape(name, table.Int64s(0, MaxRank), raw.Length / itemBytes), type, table.String(7), (int)exponents[0], raw);
    }

    /// <summary>A bias or slopes: as many floats as <paramref name="channels"/>, in order.</summary>
    public float[] Vector(long channels)
    {
        Demand(Count == channels);
        var items = new float[channels];
        for (var i = 0; i < items.Length; i++)
        {
            items[i] = MathF.ScaleB(
                Type == EspdlType.Int8 ? (sbyte)Raw.Span[i] : BinaryPrimitives.ReadInt32LittleEndian(Raw.Span[(i * sizeof(int))..]),
                Exponent);
        }

        return items;
    }

    /// <summary>A convolution's weights, of shape rows, columns, channels, filters: as ONNX has them, filters first.</summary>
    public float[] Filters()
    {
        Demand(Shape.Count == 4);
        var (area, channels, filters) = (Shape[0] * Shape[1], Shape[2], Shape[3]);

        // Blocks of 16 filters; in each the places of the window, then the channels, then the filters.
        return Unblock(filters, area * channels, (filter, place, channel) => (((filter * channels) + channel) * area) + place, channels);
    }

    /// <summary>A depthwise convolution's weights, of shape rows, columns, channels, 1: channels first.</summary>
    public float[] DepthwiseFilters()
    {
        Demand(Shape is [_, _, _, 1]);
        var area = Shape[0] * Shape[1];
        return Unblock(Shape[2], area, (channel, place, _) => (channel * area) + place, 1);
    }

    /// <summary>A matrix of shape (1, 1,) inputs, outputs: a row of outputs per input.</summary>
    public float[] Matrix()
    {
        Demand(Shape.Count >= 2 && Shape.SkipLast(2).All(size => size == 1));
        var (inputs, outputs) = (Shape[^2], Shape[^1]);
        return Unblock(outputs, inputs, (output, input, _) => (input * outputs) + output, 1);
    }

    /// <param name="place">Where an item goes, by its output channel and the two parts of its place in the block.</param>
    /// <param name="inner">The size of the second part.</param>
    private float[] Unblock(int outputs, int perOutput, Func<int, int, int, int> place, int inner)
    {
        Demand(Type == EspdlType.Int8 && outputs % Block == 0 && Layout.EndsWith(Blocked, StringComparison.Ordinal));
        var source = MemoryMarshal.Cast<byte, sbyte>(Raw.Span)[..(outputs * perOutput)];
        var items = new float[source.Length];
        for (var i = 0; i < source.Length; i++)
        {
            var (block, rest) = Math.DivRem(i, perOutput * Block);
            var (position, lane) = Math.DivRem(rest, Block);
            items[place((block * Block) + lane, position / inner, position % inner)] = MathF.ScaleB(source[i], Exponent);
        }

        return items;
    }

    private static int[] ReadShape(string name, long[] shape, int items)
    {
        long count = 1;
        foreach (var size in shape)
        {
            if (size is < 1 or > int.MaxValue || (count *= size) > items)
                throw new EspdlFormatException($"{name} has fewer items than its shape.");
        }

        return Array.ConvertAll(shape, size => (int)size);
    }

    private void Demand(bool fits)
    {
        if (!fits)
            throw new EspdlFormatException($"{Name} has another shape, type or layout than its operation takes.");
    }
}

/// <summary>ONNX's numbers.</summary>
internal enum EspdlType
{
    Int8 = 3,
    Int32 = 6,
}
