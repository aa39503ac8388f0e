namespace FaceSearch.Infrastructure.FaceEngine.Onnx;

/// <summary>
/// Writes an ONNX model with one input and one output. The field numbers are those of onnx.proto, which never change.
/// Nodes are written in the order they run. Not thread-safe.
/// </summary>
internal sealed class OnnxGraphWriter
{
    private const int IrVersion = 8;
    private const int Opset = 17;
    private const int FloatTensor = 1;
    private const int Int64Tensor = 7;

    private readonly ProtobufWriter writer = new();
    private int values;

    /// <param name="nodes">Adds the nodes; given the input's name, answers the output's.</param>
    /// <param name="inputShape">A number, or a name for a dimension that varies from run to run.</param>
    public static ReadOnlyMemory<byte> Write(
        IReadOnlyList<object> inputShape, IReadOnlyList<object> outputShape, Func<OnnxGraphWriter, string, string> nodes)
    {
        var graph = new OnnxGraphWriter();
        graph.WriteModel(inputShape, outputShape, nodes);
        return graph.writer.Written;
    }

    /// <summary>Adds a node and names its one output.</summary>
    public string Node(string operation, string[] inputs, params (string Name, object Value)[] attributes)
    {
        var output = NextName();
        writer.Write(1, () =>
        {
            foreach (var input in inputs)
                writer.Write(1, input);

            writer.Write(2, output);
            writer.Write(4, operation);
            foreach (var (name, value) in attributes)
                writer.Write(5, () => WriteAttribute(name, value));
        });
        return output;
    }

    /// <summary>Adds a constant and names it.</summary>
    public string Constant(ReadOnlyMemory<float> items, params long[] shape)
    {
        var name = NextName();
        writer.Write(5, () =>
        {
            foreach (var size in shape)
                writer.Write(1, size);

            writer.Write(2, FloatTensor);
            writer.Write(8, name);
            writer.Write(9, items.Span);
        });
        return name;
    }

    /// <summary>Adds a constant list of integers and names it.</summary>
    public string Constant(params long[] items)
    {
        var name = NextName();
        writer.Write(5, () =>
        {
            writer.Write(1, items.Length);
            writer.Write(2, Int64Tensor);
            foreach (var item in items)
                writer.Write(7, item);

            writer.Write(8, name);
        });
        return name;
    }

    private void WriteModel(
        IReadOnlyList<object> inputShape, IReadOnlyList<object> outputShape, Func<OnnxGraphWriter, string, string> nodes)
    {
        writer.Write(1, IrVersion);
        writer.Write(7, () =>
        {
            var input = NextName();
            var output = nodes(this, input);
            writer.Write(2, "face-search");
            writer.Write(11, () => WriteValue(input, inputShape));
            writer.Write(12, () => WriteValue(output, outputShape));
        });
        writer.Write(8, () => writer.Write(2, Opset));
    }

    private void WriteAttribute(string name, object value)
    {
        writer.Write(1, name);
        switch (value)
        {
            case float number:
                writer.Write(2, number);
                writer.Write(20, 1);
                break;
            case int number:
                writer.Write(3, number);
                writer.Write(20, 2);
                break;
            case int[] numbers:
                foreach (var number in numbers)
                    writer.Write(8, number);

                writer.Write(20, 7);
                break;
            default:
                throw new ArgumentException("An attribute is a float, an int or ints.", nameof(value));
        }
    }

    private void WriteValue(string name, IReadOnlyList<object> shape)
    {
        writer.Write(1, name);
        writer.Write(2, () => writer.Write(1, () =>
        {
            writer.Write(1, FloatTensor);
            writer.Write(2, () =>
            {
                foreach (var size in shape)
                    writer.Write(1, () => WriteDimension(size));
            });
        }));
    }

    private void WriteDimension(object size)
    {
        if (size is int number)
            writer.Write(1, number);
        else
            writer.Write(2, (string)size);
    }

    private string NextName() => $"v{values++}";
}
