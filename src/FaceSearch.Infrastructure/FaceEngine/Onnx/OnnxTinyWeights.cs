using System.Buffers.Binary;

namespace FaceSearch.Infrastructure.FaceEngine.Onnx;

/// <summary>
/// Sets tiny weights of an ONNX model to zero. Their products are denormal floats, with which some processors compute
/// ten times slower: <c>fr_feature.onnx</c> has 176,911 such weights among 1.19 million. The model keeps its length and
/// is changed in place. Field numbers are those of onnx.proto, which never change. Thread-safe.
/// </summary>
internal static class OnnxTinyWeights
{
    /// <summary>A weight nearer to zero than this becomes zero.</summary>
    public const float Least = 1e-20f;

    private const ulong FloatTensor = 1;

    /// <summary>Changes the float initializers of the model's graph and nothing else.</summary>
    /// <param name="model">A serialised ONNX model.</param>
    /// <returns>How many weights were changed.</returns>
    /// <exception cref="OnnxFormatException">
    /// The model is damaged, keeps weights in other files, or a tensor's data does not fit its shape. Some weights may
    /// have been changed by then.
    /// </exception>
    public static int Zero(Span<byte> model)
    {
        int changed = 0, graphs = 0;
        for (var fields = new ProtobufReader(model); fields.Next();)
        {
            if (fields is not { Field: 7, Type: WireType.Bytes })
                continue;

            graphs++;
            changed += ZeroGraph(model[fields.Value]);
        }

        return graphs == 1 ? changed : throw new OnnxFormatException($"it has {graphs} graphs instead of one");
    }

    private static int ZeroGraph(Span<byte> graph)
    {
        var changed = 0;
        for (var fields = new ProtobufReader(graph); fields.Next();)
        {
            if (fields is { Field: 5, Type: WireType.Bytes })
                changed += ZeroTensor(graph[fields.Value]);
        }

        return changed;
    }

    private static int ZeroTensor(Span<byte> tensor)
    {
        var items = 1L;
        ulong type = 0, location = 0;
        var data = new List<Range>();
        for (var fields = new ProtobufReader(tensor); fields.Next();)
        {
            switch (fields.Field, fields.Type)
            {
                case (1, WireType.Varint):
                    items = Multiply(items, fields.Number);
                    break;
                case (1, _):
                    throw new OnnxFormatException("a tensor's sizes are packed into one field");
                case (2, WireType.Varint):
                    type = fields.Number;
                    break;
                case (14, WireType.Varint):
                    location = fields.Number;
                    break;
                // float_data, packed or one by one, and raw_data: little-endian floats either way.
                case (4, WireType.Bytes or WireType.Fixed32):
                case (9, WireType.Bytes):
                    data.Add(fields.Value);
                    break;
            }
        }

        if (type != FloatTensor)
            return 0;

        if (location != 0)
            throw new OnnxFormatException("it keeps weights in other files");

        var bytes = 0L;
        foreach (var range in data)
            bytes += tensor[range].Length;

        if (bytes != items * sizeof(float))
            throw new OnnxFormatException($"a tensor of {items} floats has {bytes} bytes of data");

        var changed = 0;
        foreach (var range in data)
            changed += ZeroFloats(tensor[range]);

        return changed;
    }

    private static int ZeroFloats(Span<byte> floats)
    {
        if (floats.Length % sizeof(float) != 0)
            throw new OnnxFormatException("a tensor's data ends within a float");

        var changed = 0;
        for (; !floats.IsEmpty; floats = floats[sizeof(float)..])
        {
            var weight = BinaryPrimitives.ReadSingleLittleEndian(floats);
            if (weight == 0 || !(Math.Abs(weight) < Least))
                continue;

            BinaryPrimitives.WriteSingleLittleEndian(floats, 0);
            changed++;
        }

        return changed;
    }

    /// <summary>More items than an array can have are an error, so that nothing overflows.</summary>
    private static long Multiply(long items, ulong size) =>
        size <= (ulong)Array.MaxLength && items * (long)size <= Array.MaxLength
            ? items * (long)size
            : throw new OnnxFormatException("a tensor's shape is out of range");
}
