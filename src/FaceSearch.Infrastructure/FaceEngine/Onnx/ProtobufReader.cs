namespace FaceSearch.Infrastructure.FaceEngine.Onnx;

/// <summary>
/// Steps through the fields of one message in Protocol Buffers' wire format. Allocates nothing; every length is checked
/// against the bytes that are left. Not thread-safe.
/// </summary>
internal ref struct ProtobufReader(ReadOnlySpan<byte> message)
{
    private readonly ReadOnlySpan<byte> message = message;
    private int position;

    public int Field { get; private set; }

    public WireType Type { get; private set; }

    /// <summary>The value of a varint field.</summary>
    public ulong Number { get; private set; }

    /// <summary>Where in the message the value's bytes are, without the length in front of them.</summary>
    public Range Value { get; private set; }

    /// <summary>Goes to the next field.</summary>
    /// <returns>False at the end of the message.</returns>
    /// <exception cref="OnnxFormatException">The message ends within a field, or is invalid.</exception>
    public bool Next()
    {
        if (position == message.Length)
            return false;

        var key = ReadVarint();
        Field = key >> 3 is > 0 and < 1 << 29 ? (int)(key >> 3) : throw Damaged("a field number is out of range");
        Type = (WireType)(key & 7);
        Number = 0;
        var start = position;
        switch (Type)
        {
            case WireType.Varint:
                Number = ReadVarint();
                break;
            case WireType.Bytes:
                var length = ReadVarint();
                start = position;
                Skip(length);
                break;
            case WireType.Fixed32:
                Skip(sizeof(uint));
                break;
            case WireType.Fixed64:
                Skip(sizeof(ulong));
                break;
            default:
                throw Damaged($"wire type {(int)Type} is not known");
        }

        Value = start..position;
        return true;
    }

    private void Skip(ulong count)
    {
        if (count > (ulong)(message.Length - position))
            throw Damaged("a length exceeds the message");

        position += (int)count;
    }

    private ulong ReadVarint()
    {
        ulong value = 0;
        for (var shift = 0; shift < 64; shift += 7)
        {
            if (position == message.Length)
                throw Damaged("it ends within a number");

            var next = message[position++];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
                return value;
        }

        throw Damaged("a number has more than 64 bits");
    }

    private static OnnxFormatException Damaged(string what) => new(what);
}

/// <summary>How a field's value is written.</summary>
internal enum WireType
{
    Varint = 0,
    Fixed64 = 1,
    Bytes = 2,
    Fixed32 = 5,
}
