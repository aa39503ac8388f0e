using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace FaceSearch.Infrastructure.FaceEngine.Onnx;

/// <summary>
/// Writes Protocol Buffers' wire format in one pass: a nested message's length is left open and filled in at its end,
/// so that weights are copied once. Not thread-safe.
/// </summary>
internal sealed class ProtobufWriter
{
    private const int LengthBytes = 5;

    private byte[] buffer = new byte[1 << 16];
    private int length;

    public ReadOnlyMemory<byte> Written => buffer.AsMemory(0, length);

    public void Write(int field, long value)
    {
        WriteKey(field, wireType: 0);
        WriteVarint((ulong)value);
    }

    public void Write(int field, float value)
    {
        WriteKey(field, wireType: 5);
        BinaryPrimitives.WriteSingleLittleEndian(Reserve(sizeof(float)), value);
    }

    public void Write(int field, string value)
    {
        WriteKey(field, wireType: 2);
        WriteVarint((ulong)Encoding.UTF8.GetByteCount(value));
        Encoding.UTF8.GetBytes(value, Reserve(Encoding.UTF8.GetByteCount(value)));
    }

    /// <summary>As ONNX keeps its weights: little-endian, whatever the machine.</summary>
    public void Write(int field, ReadOnlySpan<float> values)
    {
        WriteKey(field, wireType: 2);
        WriteVarint((ulong)values.Length * sizeof(float));
        var target = Reserve(values.Length * sizeof(float));
        if (BitConverter.IsLittleEndian)
        {
            MemoryMarshal.AsBytes(values).CopyTo(target);
            return;
        }

        for (var i = 0; i < values.Length; i++)
            BinaryPrimitives.WriteSingleLittleEndian(target[(sizeof(float) * i)..], values[i]);
    }

    /// <summary>A nested message, whose fields <paramref name="write"/> writes.</summary>
    public void Write(int field, Action write)
    {
        WriteKey(field, wireType: 2);
        Reserve(LengthBytes);
        var start = length;
        write();

        // A varint may be longer than it need be: always five bytes.
        var size = (uint)(length - start);
        for (var i = 0; i < LengthBytes; i++)
            buffer[start - LengthBytes + i] = (byte)(((size >> (7 * i)) & 0x7F) | (i < LengthBytes - 1 ? 0x80u : 0));
    }

    private void WriteKey(int field, int wireType) => WriteVarint((ulong)((field << 3) | wireType));

    private void WriteVarint(ulong value)
    {
        for (; value >= 0x80; value >>= 7)
            Reserve(1)[0] = (byte)(value | 0x80);

        Reserve(1)[0] = (byte)value;
    }

    private Span<byte> Reserve(int count)
    {
        var end = checked(length + count);
        if (end > buffer.Length)
            Array.Resize(ref buffer, (int)Math.Min(Math.Max(end, 2L * buffer.Length), Array.MaxLength));

        var span = buffer.AsSpan(length, count);
        length = end;
        return span;
    }
}
