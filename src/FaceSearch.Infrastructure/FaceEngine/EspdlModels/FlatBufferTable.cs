using System.Buffers.Binary;
using System.Text;

namespace FaceSearch.Infrastructure.FaceEngine.EspdlModels;

/// <summary>
/// A table of a FlatBuffer (flatbuffers.dev, "FlatBuffers Internals"): a signed offset to its vtable, which holds a 16-bit
/// offset per field, 0 for one that is left out. Tables, strings and vectors are reached by unsigned offsets forwards.
/// Every access is checked against the buffer. Thread-safe.
/// </summary>
internal readonly struct FlatBufferTable
{
    private const int VectorHeader = sizeof(int);
    private const int VtableHeader = 2 * sizeof(ushort);

    /// <summary>Vectors may share bytes, so a small file could ask for much memory: lists and strings are bounded.</summary>
    private const int MaxStringBytes = 256;

    private readonly ReadOnlyMemory<byte> buffer;
    private readonly int position;
    private readonly ReadOnlyMemory<byte> fields;

    private FlatBufferTable(ReadOnlyMemory<byte> buffer, int position)
    {
        this.buffer = buffer;
        this.position = position;
        var vtable = (long)position - BinaryPrimitives.ReadInt32LittleEndian(Slice(position, sizeof(int)).Span);
        var size = BinaryPrimitives.ReadUInt16LittleEndian(Slice(vtable, VtableHeader).Span);
        Demand(size >= VtableHeader);
        fields = Slice(vtable + VtableHeader, size - VtableHeader);
    }

    /// <exception cref="EspdlFormatException">As for every method here: an offset or a length leads out of the buffer, or a bound is exceeded.</exception>
    public static FlatBufferTable Root(ReadOnlyMemory<byte> buffer)
    {
        Demand(buffer.Length >= sizeof(int));
        return new FlatBufferTable(buffer, Follow(buffer, 0));
    }

    public int Int32(int field, int otherwise) => Find(field) is { } at
        ? BinaryPrimitives.ReadInt32LittleEndian(Slice(at, sizeof(int)).Span)
        : otherwise;

    public long Int64(int field, long otherwise) => Find(field) is { } at
        ? BinaryPrimitives.ReadInt64LittleEndian(Slice(at, sizeof(long)).Span)
        : otherwise;

    public float Single(int field, float otherwise) => Find(field) is { } at
        ? BinaryPrimitives.ReadSingleLittleEndian(Slice(at, sizeof(float)).Span)
        : otherwise;

    /// <summary>Empty when it is left out.</summary>
    public string String(int field) => Text(Vector(field, 1));

    public FlatBufferTable? Table(int field) =>
        Find(field) is { } at ? new FlatBufferTable(buffer, Follow(buffer, at)) : null;

    /// <summary>The bytes of a vector of scalars or structs; empty when it is left out.</summary>
    public ReadOnlyMemory<byte> Vector(int field, int itemBytes) =>
        Find(field) is { } at ? VectorAt(Follow(buffer, at), itemBytes) : default;

    public long[] Int64s(int field, int limit)
    {
        var bytes = Vector(field, sizeof(long)).Span;
        Demand(bytes.Length / sizeof(long) <= limit);
        var items = new long[bytes.Length / sizeof(long)];
        for (var i = 0; i < items.Length; i++)
            items[i] = BinaryPrimitives.ReadInt64LittleEndian(bytes[(i * sizeof(long))..]);

        return items;
    }

    public string[] Strings(int field, int limit)
    {
        var (vector, count) = Offsets(field, limit);
        var items = new string[count];
        for (var i = 0; i < count; i++)
            items[i] = Text(VectorAt(Follow(buffer, vector + (i * sizeof(int))), 1));

        return items;
    }

    public FlatBufferTable[] Tables(int field, int limit)
    {
        var (vector, count) = Offsets(field, limit);
        var items = new FlatBufferTable[count];
        for (var i = 0; i < count; i++)
            items[i] = new FlatBufferTable(buffer, Follow(buffer, vector + (i * sizeof(int))));

        return items;
    }

    private (int Start, int Count) Offsets(int field, int limit)
    {
        if (Find(field) is not { } at)
            return (0, 0);

        var vector = Follow(buffer, at);
        var count = VectorAt(vector, sizeof(int)).Length / sizeof(int);
        Demand(count <= limit);
        return (vector + VectorHeader, count);
    }

    private static string Text(ReadOnlyMemory<byte> utf8)
    {
        Demand(utf8.Length <= MaxStringBytes);
        return Encoding.UTF8.GetString(utf8.Span);
    }

    private ReadOnlyMemory<byte> VectorAt(int at, int itemBytes)
    {
        var count = BinaryPrimitives.ReadUInt32LittleEndian(Slice(at, VectorHeader).Span);
        return Slice((long)at + VectorHeader, (long)count * itemBytes);
    }

    private int? Find(int field)
    {
        var entry = field * sizeof(ushort);
        if (entry + sizeof(ushort) > fields.Length)
            return null;

        var offset = BinaryPrimitives.ReadUInt16LittleEndian(fields.Span[entry..]);
        return offset == 0 ? null : position + offset;
    }

    private static int Follow(ReadOnlyMemory<byte> buffer, int at)
    {
        var target = at + (long)BinaryPrimitives.ReadUInt32LittleEndian(Slice(buffer, at, sizeof(uint)).Span);
        Demand(target <= buffer.Length);
        return (int)target;
    }

    private ReadOnlyMemory<byte> Slice(long start, long length) => Slice(buffer, start, length);

    private static ReadOnlyMemory<byte> Slice(ReadOnlyMemory<byte> buffer, long start, long length)
    {
        Demand(start >= 0 && length <= buffer.Length - start);
        return buffer.Slice((int)start, (int)length);
    }

    private static void Demand(bool inside)
    {
        if (!inside)
            throw new EspdlFormatException("it is truncated, damaged or too large.");
    }
}
