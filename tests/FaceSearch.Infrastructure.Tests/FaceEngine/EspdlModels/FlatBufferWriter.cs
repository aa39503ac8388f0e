using System.Buffers.Binary;
using System.Text;

namespace FaceSearch.Infrastructure.Tests.FaceEngine.EspdlModels;

/// <summary>
/// Writes a FlatBuffer forwards: the targets of a table's offsets follow it. A field is an int, long or float (inline), or
/// a string, a <see cref="Table"/>, a list of tables, strings or longs, or bytes in units of 16.
/// </summary>
internal sealed class FlatBufferWriter
{
    private readonly List<byte> bytes = [];

    public static byte[] Write(Table root)
    {
        var writer = new FlatBufferWriter();
        writer.bytes.AddRange(new byte[4]);
        writer.Point(0, writer.Add(root));
        return [.. writer.bytes];
    }

    private int Add(Table table)
    {
        Align();
        var last = table.Fields.Keys.DefaultIfEmpty(-1).Max();
        var vtable = bytes.Count;
        var offsets = new ushort[last + 1];
        var size = 8;
        foreach (var field in table.Fields.Keys.Order())
        {
            offsets[field] = (ushort)size;
            size += 8;
        }

        Add((ushort)(4 + (2 * offsets.Length)));
        Add((ushort)size);
        foreach (var offset in offsets)
            Add(offset);

        Align();
        var start = bytes.Count;
        bytes.AddRange(new byte[size]);
        Put(start, start - vtable);
        foreach (var (field, value) in table.Fields)
            AddField(start + offsets[field], value);

        return start;
    }

    private void AddField(int at, object value)
    {
        switch (value)
        {
            case int number:
                Put(at, number);
                break;
            case float number:
                Put(at, BitConverter.SingleToInt32Bits(number));
                break;
            case long number:
                Put(at, (int)number);
                Put(at + 4, (int)(number >> 32));
                break;
            default:
                Point(at, Add(value));
                break;
        }
    }

    private int Add(object value) => value switch
    {
        Table table => Add(table),
        string text => AddVector(Encoding.UTF8.GetBytes(text), 1),
        byte[] raw => AddVector(raw, 16),
        long[] numbers => AddVector([.. numbers.SelectMany(BitConverter.GetBytes)], 8),
        IReadOnlyList<object> items => AddOffsets(items),
        _ => throw new ArgumentException("Not a field's value.", nameof(value)),
    };

    private int AddVector(byte[] items, int itemBytes)
    {
        Align();
        var start = bytes.Count;
        AddInt((items.Length + itemBytes - 1) / itemBytes);
        bytes.AddRange(items);
        bytes.AddRange(new byte[(itemBytes - (items.Length % itemBytes)) % itemBytes]);
        return start;
    }

    private int AddOffsets(IReadOnlyList<object> items)
    {
        Align();
        var start = bytes.Count;
        AddInt(items.Count);
        bytes.AddRange(new byte[4 * items.Count]);
        for (var i = 0; i < items.Count; i++)
            Point(start + 4 + (4 * i), Add(items[i]));

        return start;
    }

    private void Point(int at, int target) => Put(at, target - at);

    private void Put(int at, int number)
    {
        Span<byte> four = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(four, number);
        for (var i = 0; i < four.Length; i++)
            bytes[at + i] = four[i];
    }

    private void AddInt(int number) => bytes.AddRange(BitConverter.GetBytes(number));

    private void Add(ushort number) => bytes.AddRange(BitConverter.GetBytes(number));

    private void Align()
    {
        while (bytes.Count % 4 != 0)
            bytes.Add(0);
    }

    /// <summary>Fields by their number.</summary>
    internal sealed record Table(IReadOnlyDictionary<int, object> Fields);
}
