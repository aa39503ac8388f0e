using FaceSearch.Infrastructure.FaceEngine.Onnx;

namespace FaceSearch.Infrastructure.FaceEngine.EspdlModels;

/// <summary>
/// Translates an embedding network of ESP-DL to ONNX, in single precision. ESP-DL's planes are rows x columns x
/// channels; ONNX's are channels x rows x columns, so a Transpose between the two orders disappears.
/// </summary>
internal sealed class EspdlTranslator
{
    private static readonly int[] OnePixel = [1, 1];

    private readonly Dictionary<string, Flow> flows = new(StringComparer.Ordinal);
    private readonly EspdlGraph source;
    private readonly OnnxGraphWriter graph;

    /// <summary>Bounds the memory: each constant is used once.</summary>
    private readonly HashSet<string> used = new(StringComparer.Ordinal);

    private EspdlTranslator(EspdlGraph source, OnnxGraphWriter graph) => (this.source, this.graph) = (source, graph);

    private enum Order
    {
        /// <summary>Planes in ESP-DL's order.</summary>
        ChannelsLast,

        /// <summary>Planes in ONNX's order, after a Transpose.</summary>
        ChannelsFirst,

        /// <summary>One dimension, of as many values as there are channels.</summary>
        Vector,
    }

    /// <param name="Order">In the source.</param>
    private readonly record struct Flow(string Name, long Channels, int Rows, int Columns, Order Order = Order.ChannelsLast);

    /// <summary>1 x 3 x size x size to 1 x outputs.</summary>
    /// <exception cref="EspdlFormatException">An operation is unknown, or what it takes does not fit.</exception>
    public static ReadOnlyMemory<byte> TranslateEmbedder(EspdlGraph source, int size) =>
        OnnxGraphWriter.Write([1, 3, size, size], [1, "outputs"], (graph, input) =>
        {
            var translator = new EspdlTranslator(source, graph);
            translator.flows[source.Input] = new Flow(input, 3, size, size);
            return translator.Translate();
        });

    private string Translate()
    {
        foreach (var node in source.Nodes)
        {
            if (!flows.TryAdd(node.Output, Translate(node)))
                throw new EspdlFormatException($"{node.Output} is computed twice.");
        }

        var output = Value(source.Output);
        if (output.Order == Order.Vector)
            return output.Name;

        return output is { Rows: 1, Columns: 1 }
            ? graph.Node("Flatten", [output.Name])
            : throw new EspdlFormatException("its output is not a vector.");
    }

    private Flow Translate(EspdlNode node) => node.Operation switch
    {
        "Conv" => Convolve(node),
        "PRelu" => Rectify(node),
        "Add" => Add(node),
        "Concat" => Concatenate(node),
        "Transpose" => Transpose(node),
        "Flatten" => Flatten(node),
        "Gemm" => Connect(node),
        _ => throw new EspdlFormatException($"the operation {node.Operation} is unknown."),
    };

    private Flow Convolve(EspdlNode node)
    {
        node.Allow("activation", "dilations", "group", "kernel_shape", "pads", "strides");
        node.Expect("activation", "Linear");
        var (flow, weights) = (Value(node, 0, 3), Constant(node, 1));
        var (kernel, strides, dilations, pads) =
            (node.Ints("kernel_shape", 2), node.Ints("strides", 2), node.Ints("dilations", 2), node.Ints("pads", 4));
        var depthwise = weights.Shape is [_, _, _, 1];
        Demand(node, weights.Shape.Count == 4 && weights.Shape[2] == flow.Channels && kernel.SequenceEqual(weights.Shape.Take(2)));
        node.Expect("group", depthwise ? flow.Channels : 1L);

        var filters = depthwise ? weights.Shape[2] : weights.Shape[3];
        var items = depthwise ? weights.DepthwiseFilters() : weights.Filters();
        var (group, channels) = depthwise ? (filters, 1) : (1, weights.Shape[2]);
        string[] inputs =
        [
            flow.Name,
            graph.Constant(items, filters, channels, kernel[0], kernel[1]),
            graph.Constant(Constant(node, 2).Vector(filters), filters),
        ];
        var name = graph.Node(
            "Conv",
            inputs,
            ("group", group),
            ("kernel_shape", kernel),
            ("strides", strides),
            ("dilations", dilations),
            ("pads", pads));
        return new Flow(name, filters, Steps(flow.Rows, 0), Steps(flow.Columns, 1));

        int Steps(int size, int axis)
        {
            var room = size + pads[axis] + pads[axis + 2] - ((dilations[axis] * (kernel[axis] - 1)) + 1);
            Demand(node, room >= 0 && strides[axis] > 0 && dilations[axis] > 0);
            return (room / strides[axis]) + 1;
        }
    }

    /// <summary>
    /// PRelu as max(x, 0) - sign(slope) max(-|slope| x, 0), which is the same float: one of the two is zero. ONNX Runtime
    /// keeps its blocked layout through Relu and through convolutions of one pixel per channel, and leaves it for PRelu.
    /// </summary>
    private Flow Rectify(EspdlNode node)
    {
        node.Allow();
        var flow = Value(node, 0, 2);
        var slopes = Constant(node, 1).Vector(flow.Channels);
        var negative = graph.Node("Relu", [Scale(flow.Name, Array.ConvertAll(slopes, slope => -Math.Abs(slope)))]);
        var signed = Scale(negative, Array.ConvertAll(slopes, slope => slope < 0 ? 1f : -1f));
        return flow with { Name = graph.Node("Add", [signed, graph.Node("Relu", [flow.Name])]) };
    }

    private string Scale(string input, float[] factors) => graph.Node(
        "Conv", [input, graph.Constant(factors, factors.Length, 1, 1, 1)], ("group", factors.Length), ("kernel_shape", OnePixel));

    private Flow Add(EspdlNode node)
    {
        node.Allow();
        var (a, b) = (Value(node, 0, 2), Value(node, 1, 2));
        Demand(node, a with { Name = b.Name } == b);
        return a with { Name = graph.Node("Add", [a.Name, b.Name]) };
    }

    private Flow Concatenate(EspdlNode node)
    {
        node.Allow("axis");
        node.Expect("axis", 3L);
        var (a, b) = (Value(node, 0, 2), Value(node, 1, 2));
        Demand(node, a with { Name = b.Name, Channels = b.Channels } == b);
        return a with { Name = graph.Node("Concat", [a.Name, b.Name], ("axis", 1)), Channels = a.Channels + b.Channels };
    }

    private Flow Transpose(EspdlNode node)
    {
        node.Allow("perm");
        var flow = Value(node, 0, 1);
        Demand(node, node.Ints("perm", 4) is [0, 3, 1, 2]);
        return flow with { Order = Order.ChannelsFirst };
    }

    private Flow Flatten(EspdlNode node)
    {
        node.Allow("axis");
        node.Expect("axis", 1L);
        var flow = Value(node.Inputs is [var input] ? input : "");
        Demand(node, flow.Order == Order.ChannelsFirst || flow is { Rows: 1, Columns: 1 });
        return new Flow(graph.Node("Flatten", [flow.Name]), flow.Channels * flow.Rows * flow.Columns, 1, 1, Order.Vector);
    }

    private Flow Connect(EspdlNode node)
    {
        node.Allow("activation", "alpha", "beta", "transB");
        node.Expect("activation", "Linear");
        node.Expect("alpha", 1f);
        node.Expect("beta", 1f);
        node.Expect("transB", 0L);
        var (flow, weights) = (Value(node, 0, 3, Order.Vector), Constant(node, 1));
        Demand(node, weights.Shape.Count >= 2 && weights.Shape[^2] == flow.Channels);
        var outputs = weights.Shape[^1];
        string[] inputs =
        [
            flow.Name,
            graph.Constant(weights.Matrix(), flow.Channels, outputs),
            graph.Constant(Constant(node, 2).Vector(outputs), outputs),
        ];
        return new Flow(graph.Node("Gemm", inputs), outputs, 1, 1, Order.Vector);
    }

    /// <summary>An input of a node that takes <paramref name="count"/> of them.</summary>
    private Flow Value(EspdlNode node, int index, int count, Order order = Order.ChannelsLast)
    {
        Demand(node, node.Inputs.Count == count);
        var flow = Value(node.Inputs[index]);
        Demand(node, flow.Order == order);
        return flow;
    }

    private Flow Value(string name) => flows.TryGetValue(name, out var flow)
        ? flow
        : throw new EspdlFormatException($"{name} is used before it is computed.");

    private EspdlTensor Constant(EspdlNode node, int index)
    {
        var name = node.Inputs[index];
        return source.Constants.TryGetValue(name, out var constant) && used.Add(name)
            ? constant
            : throw new EspdlFormatException($"{node.Operation} needs a constant of its own as {name}.");
    }

    private static void Demand(EspdlNode node, bool fits)
    {
        if (!fits)
            throw new EspdlFormatException($"what {node.Operation} takes does not fit ({node.Output}).");
    }
}
