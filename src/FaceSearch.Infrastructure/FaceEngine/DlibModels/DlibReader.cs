using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace FaceSearch.Infrastructure.FaceEngine.DlibModels;

/// <summary>
/// Reads dlib's portable serialisation (dlib/serialize.h, dlib/float_details.h, dlib/matrix, dlib/cuda/tensor.h). Every
/// length is checked against the bytes that are left before anything is allocated, so a malicious file costs at most a
/// small multiple of its own size. Not thread-safe.
/// </summary>
internal sealed class DlibReader(ReadOnlyMemory<byte> file)
{
    private int position;

    private int Remaining => file.Length - position;

    /// <summary>
    /// A control byte (low four bits: how many bytes follow, 1 to 8; highest bit: negative), then the magnitude,
    /// least significant byte first.
    /// </summary>
    public long ReadInteger()
    {
        var control = ReadByte();
        var length = control & 0x0F;
        if ((control & 0x70) != 0 || length is 0 or > 8)
            throw Damaged("an integer's length byte is out of range");

        ulong magnitude = 0;
        var bytes = Take(length);
        for (var i = 0; i < length; i++)
            magnitude |= (ulong)bytes[i] << (8 * i);

        if (magnitude > long.MaxValue)
            throw Damaged("an integer does not fit in 63 bits");

        return (control & 0x80) == 0 ? (long)magnitude : -(long)magnitude;
    }

    /// <summary>A width, a stride, a number of channels: it is not used for allocations.</summary>
    public int ReadSize()
    {
        var size = ReadInteger();
        return size is >= 0 and <= 1 << 20 ? (int)size : throw Damaged("a size is out of range");
    }

    /// <summary>How many items follow.</summary>
    /// <param name="bytesPerItem">The least that one item takes in the file: bounds the answer.</param>
    public int ReadCount(int bytesPerItem = 1)
    {
        var count = ReadInteger();
        return count >= 0 && count <= Remaining / bytesPerItem ? (int)count : throw Damaged("a length exceeds the file");
    }

    /// <summary>A version number that must be within a range.</summary>
    public int ReadVersion(string what, int from, int to)
    {
        var version = ReadInteger();
        return version >= from && version <= to
            ? (int)version
            : throw Damaged($"version {version} of {what}; versions {from} to {to} are known");
    }

    /// <summary>
    /// Mantissa and exponent as two integers; exponents from 32000 stand for infinity, minus infinity and NaN. Very
    /// old files hold text that ends with a blank, told apart by the first byte.
    /// </summary>
    public double ReadFloat()
    {
        if ((Peek() & 0x70) != 0)
            return ReadTextFloat();

        var mantissa = ReadInteger();
        return ReadInteger() switch
        {
            32000 => double.PositiveInfinity,
            32001 => double.NegativeInfinity,
            32002 => double.NaN,
            var exponent and >= -32000 and < 32000 => Math.ScaleB(mantissa, (int)exponent),
            _ => throw Damaged("a number's exponent is out of range"),
        };
    }

    public float ReadSingle() => (float)ReadFloat();

    /// <summary>One character, '0' or '1'.</summary>
    public bool ReadBool() => ReadByte() switch
    {
        (byte)'0' => false,
        (byte)'1' => true,
        _ => throw Damaged("a truth value is neither 0 nor 1"),
    };

    public byte ReadByte() => Take(1)[0];

    public string ReadString() => Encoding.Latin1.GetString(Take(ReadCount()));

    /// <summary>The version strings that open every layer.</summary>
    public string ReadName(string what, params ReadOnlySpan<string> known)
    {
        var length = ReadCount();
        if (length > 64)
            throw Damaged($"{what} was expected");

        var name = Encoding.Latin1.GetString(Take(length));
        return known.Contains(name)
            ? name
            : throw Damaged($"'{Printable(name)}' stands where {what} was expected: another network, or a newer dlib");
    }

    /// <summary>dlib::matrix: rows and columns (negative in the current format), then the items row by row.</summary>
    public float[] ReadMatrix()
    {
        var (rows, columns) = (Math.Abs(ReadInteger()), Math.Abs(ReadInteger()));
        // An item takes four bytes at least: two integers of a control byte and a byte each.
        var most = Remaining / 4;
        if (rows > most || columns > most || rows * columns > most)
            throw Damaged("a matrix exceeds the file");

        var items = new float[rows * columns];
        for (var i = 0; i < items.Length; i++)
            items[i] = ReadSingle();

        return items;
    }

    /// <summary>Four dimensions, then raw little-endian floats.</summary>
    public float[] ReadTensor()
    {
        var length = ReadTensorLength();
        var values = new float[length];
        var bytes = Take(length * sizeof(float));
        if (BitConverter.IsLittleEndian)
        {
            bytes.CopyTo(MemoryMarshal.AsBytes(values.AsSpan()));
        }
        else
        {
            for (var i = 0; i < length; i++)
                values[i] = System.Buffers.Binary.BinaryPrimitives.ReadSingleLittleEndian(bytes[(4 * i)..]);
        }

        return values;
    }

    /// <summary>Skips data of a network that was saved without clean().</summary>
    public void SkipTensor() => Take(ReadTensorLength() * sizeof(float));

    /// <summary>An alias tensor: the shape of a part of a parameter tensor.</summary>
    public (int Samples, int Channels, int Rows, int Columns) ReadAlias()
    {
        ReadVersion("alias_tensor", 1, 1);
        return (ReadSize(), ReadSize(), ReadSize(), ReadSize());
    }

    public void SkipFloats(int count)
    {
        for (var i = 0; i < count; i++)
            ReadFloat();
    }

    /// <exception cref="DlibFormatException">Bytes are left: the file holds more than was asked for.</exception>
    public void DemandEnd()
    {
        if (Remaining != 0)
            throw Damaged($"{Remaining} bytes are left over: another network than expected");
    }

    public DlibFormatException Damaged(string reason) => new($"Not a readable dlib model: {reason} (byte {position}).");

    private static string Printable(string name) =>
        string.Concat(name.Select(c => char.IsAsciiLetterOrDigit(c) || c == '_' ? c : '?'));

    private int ReadTensorLength()
    {
        ReadVersion("tensor", 2, 2);
        var most = Remaining / sizeof(float);
        long length = 1;
        for (var dimension = 0; dimension < 4; dimension++)
        {
            var size = ReadInteger();
            if (size < 0 || size > most)
                throw Damaged("a tensor exceeds the file");

            length *= size;
            if (length > most)
                throw Damaged("a tensor exceeds the file");
        }

        return (int)length;
    }

    private double ReadTextFloat()
    {
        var end = file.Span[position..].IndexOf((byte)' ');
        if (end is < 0 or > 64)
            throw Damaged("a number in text form does not end");

        var text = Encoding.Latin1.GetString(Take(end));
        Take(1);
        return text switch
        {
            "inf" => double.PositiveInfinity,
            "ninf" => double.NegativeInfinity,
            "NaN" => double.NaN,
            _ => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
                ? value
                : throw Damaged("a number in text form is malformed"),
        };
    }

    private byte Peek() => Remaining > 0 ? file.Span[position] : throw Damaged("the file ends too early");

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count > Remaining)
            throw Damaged("the file ends too early");

        var bytes = file.Span.Slice(position, count);
        position += count;
        return bytes;
    }
}
