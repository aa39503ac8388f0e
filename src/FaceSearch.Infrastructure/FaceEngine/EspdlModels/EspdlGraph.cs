using System.Buffers.Binary;

namespace FaceSearch.Infrastructure.FaceEngine.EspdlModels;

/// <summary>
/// A network as one of Espressif's ESP-DL files holds it: 16 bytes of header, then a FlatBuffer whose tables mirror
/// those of ONNX (Dl.fbs of espressif/esp-dl).
/// </summary>
/// <param name="Nodes">In the order they run.</param>
/// <param name="Constants">By name.</param>
internal sealed record EspdlGraph(
    IReadOnlyList<EspdlNode> Nodes, IReadOnlyDictionary<string, EspdlTensor> Constants, string Input, string Output)
{
    private const int HeaderBytes = 16;
    private const int MaxItems = 4096;

    private static ReadOnlySpan<byte> Magic => "EDL2"u8;

    /// <exception cref="EspdlFormatException">Truncated, damaged, encrypted, or without one input and one output.</exception>
    public static EspdlGraph Read(ReadOnlyMemory<byte> file)
    {
        var graph = FlatBufferTable.Root(Body(file)).Table(ModelFields.Graph)
            ?? throw new EspdlFormatException("it holds no network.");

        var constants = new Dictionary<string, EspdlTensor>(StringComparer.Ordinal);
        foreach (var table in graph.Tables(GraphFields.Initializers, MaxItems))
        {
            var tensor = EspdlTensor.Read(table);
            if (!constants.TryAdd(tensor.Name, tensor))
                throw new EspdlFormatException("two constants have one name.");
        }

        if (constants.Values.Sum(constant => (long)constant.Raw.Length) > file.Length)
            throw new EspdlFormatException("its constants overlap.");

        return new EspdlGraph(
            Array.ConvertAll(graph.Tables(GraphFields.Nodes, MaxItems), EspdlNode.Read),
            constants,
            OneName(graph.Tables(GraphFields.Inputs, MaxItems)),
            OneName(graph.Tables(GraphFields.Outputs, MaxItems)));
    }

    /// <summary>The header: the magic, 0 for a body that is not encrypted, the length of the body, 0.</summary>
    private static ReadOnlyMemory<byte> Body(ReadOnlyMemory<byte> file)
    {
        if (file.Length < HeaderBytes || !file.Span.StartsWith(Magic))
            throw new EspdlFormatException("it does not start with EDL2.");

        if (BinaryPrimitives.ReadUInt32LittleEndian(file.Span[4..]) != 0)
            throw new EspdlFormatException("it is encrypted.");

        var body = file[HeaderBytes..];
        return BinaryPrimitives.ReadUInt32LittleEndian(file.Span[8..]) == body.Length
            ? body
            : throw new EspdlFormatException("its length is not the one in its header.");
    }

    private static string OneName(FlatBufferTable[] values) => values is [var value]
        ? value.String(ValueFields.Name)
        : throw new EspdlFormatException("it needs one input and one output.");

    private static class ModelFields
    {
        public const int Graph = 7;
    }

    private static class GraphFields
    {
        public const int Nodes = 0;
        public const int Initializers = 2;
        public const int Inputs = 4;
        public const int Outputs = 5;
    }

    private static class ValueFields
    {
        public const int Name = 0;
    }
}
