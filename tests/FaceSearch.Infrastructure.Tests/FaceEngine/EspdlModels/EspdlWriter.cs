using System.Buffers.Binary;
using Table = FaceSearch.Infrastructure.Tests.FaceEngine.EspdlModels.FlatBufferWriter.Table;

namespace FaceSearch.Infrastructure.Tests.FaceEngine.EspdlModels;

/// <summary>Writes networks in ESP-DL's format. Takes weights in plain order and writes them in blocks.</summary>
internal sealed class EspdlWriter
{
    private const int Int8 = 3;
    private const int Int32 = 6;

    private readonly List<object> nodes = [];
    private readonly List<object> constants = [];

    public byte[] Write(string input = "input", string output = "output")
    {
        var graph = new Table(new Dictionary<int, object>
        {
            [0] = nodes,
            [2] = constants,
            [4] = (object[])[Named(input)],
            [5] = (object[])[Named(output)],
        });
        return File(FlatBufferWriter.Write(new Table(new Dictionary<int, object> { [7] = graph })));
    }

    /// <summary>The header of 16 bytes and the FlatBuffer.</summary>
    public static byte[] File(ReadOnlySpan<byte> body)
    {
        byte[] file = [.. "EDL2"u8, .. new byte[12], .. body];
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(8), body.Length);
        return file;
    }

    public EspdlWriter Node(string operation, string[] inputs, string output, params (string Name, object Value)[] attributes)
    {
        nodes.Add(new Table(new Dictionary<int, object>
        {
            [0] = inputs,
            [1] = (object[])[output],
            [2] = operation,
            [3] = operation,
            [5] = attributes.Append(("quant_type", "S8")).Select(attribute => (object)Attribute(attribute.Name, attribute.Value)).ToArray(),
        }));
        return this;
    }

    /// <param name="name">Its weights are <c>name.w</c>, its bias <c>name.b</c>.</param>
    public EspdlWriter Convolution(string input, string name, int kernel, int stride, int pad, long group = 1) => Node(
        "Conv",
        [input, $"{name}.w", $"{name}.b"],
        name,
        ("activation", "Linear"),
        ("dilations", new long[] { 1, 1 }),
        ("group", group),
        ("kernel_shape", new long[] { kernel, kernel }),
        ("pads", new long[] { pad, pad, pad, pad }),
        ("strides", new long[] { stride, stride }));

    /// <param name="weights">By filter, channel, row, column.</param>
    public EspdlWriter Filters(string name, sbyte[,,,] weights, int exponent)
    {
        var (filters, channels, rows, columns) =
            (weights.GetLength(0), weights.GetLength(1), weights.GetLength(2), weights.GetLength(3));
        var raw = new List<byte>();
        for (var block = 0; block < filters; block += 16)
            for (var row = 0; row < rows; row++)
                for (var column = 0; column < columns; column++)
                    for (var channel = 0; channel < channels; channel++)
                        for (var lane = 0; lane < 16; lane++)
                            raw.Add((byte)weights[block + lane, channel, row, column]);

        return Weights(name, [rows, columns, channels, filters], raw, exponent);
    }

    /// <param name="weights">By channel, 0, row, column.</param>
    public EspdlWriter DepthwiseFilters(string name, sbyte[,,,] weights, int exponent)
    {
        var (channels, rows, columns) = (weights.GetLength(0), weights.GetLength(2), weights.GetLength(3));
        var raw = new List<byte>();
        for (var block = 0; block < channels; block += 16)
            for (var row = 0; row < rows; row++)
                for (var column = 0; column < columns; column++)
                    for (var lane = 0; lane < 16; lane++)
                        raw.Add((byte)weights[block + lane, 0, row, column]);

        return Weights(name, [rows, columns, channels, 1], raw, exponent);
    }

    /// <param name="weights">By input, output.</param>
    public EspdlWriter Matrix(string name, sbyte[,] weights, int exponent)
    {
        var (inputs, outputs) = (weights.GetLength(0), weights.GetLength(1));
        var raw = new List<byte>();
        for (var block = 0; block < outputs; block += 16)
            for (var input = 0; input < inputs; input++)
                for (var lane = 0; lane < 16; lane++)
                    raw.Add((byte)weights[input, block + lane]);

        return Weights(name, [1, 1, inputs, outputs], raw, exponent);
    }

    public EspdlWriter Bias(string name, int[] items, int exponent) =>
        Constant(name, [items.Length], Int32, [.. items.SelectMany(BitConverter.GetBytes)], exponent, "layout ==> UNK");

    public EspdlWriter Slopes(string name, sbyte[] items, int exponent) =>
        Constant(name, [items.Length, 1, 1], Int8, [.. items.Select(item => (byte)item)], exponent, "layout ==> UNK");

    public EspdlWriter Constant(string name, long[] shape, int type, byte[] raw, int exponent, string layout)
    {
        constants.Add(new Table(new Dictionary<int, object>
        {
            [0] = shape,
            [1] = type,
            [6] = name,
            [7] = layout,
            [8] = raw,
            [13] = new long[] { exponent },
        }));
        return this;
    }

    private EspdlWriter Weights(string name, long[] shape, List<byte> raw, int exponent) =>
        Constant(name, shape, Int8, [.. raw], exponent, "layout ==> N16HWC16");

    private static Table Named(string name) => new(new Dictionary<int, object> { [0] = name });

    private static Table Attribute(string name, object value) => new(value switch
    {
        float number => new Dictionary<int, object> { [0] = name, [3] = 1, [4] = number },
        long number => new Dictionary<int, object> { [0] = name, [3] = 2, [5] = number },
        string text => new Dictionary<int, object> { [0] = name, [3] = 3, [6] = text },
        long[] numbers => new Dictionary<int, object> { [0] = name, [3] = 7, [11] = numbers },
        int type => new Dictionary<int, object> { [0] = name, [3] = type },
        _ => throw new ArgumentException("Not an attribute's value.", nameof(value)),
    });
}
