using FaceSearch.Infrastructure.FaceEngine.Onnx;

namespace FaceSearch.Infrastructure.FaceEngine.DlibModels;

/// <summary>
/// Translates a dlib network to ONNX. The input is N x 3 x rows x columns, prepared as in <see cref="NetworkInput"/>.
/// Methods document where dlib's semantics are unexpected.
/// </summary>
internal sealed class NetworkTranslator
{
    private readonly Dictionary<int, Flow> tags = [];
    private readonly OnnxGraphWriter graph;

    private NetworkTranslator(OnnxGraphWriter graph) => this.graph = graph;

    /// <summary>Planes of a tensor. Rows and columns are 0 where they vary from run to run.</summary>
    private readonly record struct Flow(string Name, int Channels, int Rows, int Columns);

    /// <summary>An embedding network: N x 3 x size x size to N x outputs.</summary>
    public static ReadOnlyMemory<byte> TranslateEmbedder(DlibNetwork network, int size) => OnnxGraphWriter.Write(
        ["batch", 3, size, size],
        ["batch", network.Layers.OfType<FullyConnected>().Last().Outputs],
        (graph, input) => new NetworkTranslator(graph).Translate(network, new Flow(input, 3, size, size)));

    /// <summary>A detector: 1 x 3 x rows x columns to 1 x 1 x rows' x columns' of scores.</summary>
    public static ReadOnlyMemory<byte> TranslateDetector(DlibNetwork network) => OnnxGraphWriter.Write(
        [1, 3, "rows", "columns"],
        [1, 1, "score_rows", "score_columns"],
        (graph, input) => new NetworkTranslator(graph).Translate(network, new Flow(input, 3, 0, 0)));

    /// <summary>Multiplications and additions of an embedding network's convolutions, for one picture.</summary>
    public static long Operations(DlibNetwork network, int size)
    {
        long operations = 0;
        OnnxGraphWriter.Write([], [], (graph, input) =>
        {
            var translator = new NetworkTranslator(graph);
            var flow = new Flow(input, 3, size, size);
            foreach (var layer in network.Layers)
            {
                flow = translator.Translate(layer, flow);
                if (layer is Convolution convolution)
                    operations += 2L * convolution.Weights.Length * flow.Rows * flow.Columns;
            }

            return flow.Name;
        });
        return operations;
    }

    private string Translate(DlibNetwork network, Flow flow)
    {
        foreach (var layer in network.Layers)
            flow = Translate(layer, flow);

        return flow.Name;
    }

    private Flow Translate(NetworkLayer layer, Flow flow) => layer switch
    {
        Convolution convolution => Convolve(convolution, flow),
        Scale scale => flow with { Name = AddScale(scale, flow) },
        Rectifier => flow with { Name = graph.Node("Relu", [flow.Name]) },
        MaxPooling pooling => Pool("MaxPool", pooling.Window, flow),
        AveragePooling { IsGlobal: true } =>
            flow with { Name = graph.Node("GlobalAveragePool", [flow.Name]), Rows = 1, Columns = 1 },
        AveragePooling pooling => Pool("AveragePool", pooling.Window, flow, ("count_include_pad", 0)),
        FullyConnected connected => Connect(connected, flow),
        Tag tag => tags[tag.Id] = flow,
        Skip skip => tags[skip.Id],
        AddTagged add => Add(flow, tags[add.Id]),
        Concatenation both => Concatenate(tags[both.First], tags[both.Second]),
        _ => throw new ArgumentOutOfRangeException(nameof(layer)),
    };

    private Flow Convolve(Convolution convolution, Flow flow)
    {
        var window = convolution.Window;
        Demand(convolution.Channels == flow.Channels);
        var weights = graph.Constant(
            convolution.Weights, convolution.Filters, convolution.Channels, window.Rows, window.Columns);
        string[] inputs = convolution.Biases.Length == 0
            ? [flow.Name, weights]
            : [flow.Name, weights, graph.Constant(convolution.Biases, convolution.Filters)];

        return Slide("Conv", inputs, window, flow) with { Channels = convolution.Filters };
    }

    /// <summary>A normalisation with mean 0 and variance 1: the form ONNX Runtime folds into the convolution before it.</summary>
    private string AddScale(Scale scale, Flow flow)
    {
        Demand(scale.Gamma.Length == flow.Channels);
        var (zeros, ones) = (new float[flow.Channels], new float[flow.Channels]);
        ones.AsSpan().Fill(1);
        string[] inputs =
        [
            flow.Name,
            graph.Constant(scale.Gamma, flow.Channels),
            graph.Constant(scale.Beta, flow.Channels),
            graph.Constant(zeros, flow.Channels),
            graph.Constant(ones, flow.Channels),
        ];
        return graph.Node("BatchNormalization", inputs, ("epsilon", 0f));
    }

    private Flow Pool(string operation, Window window, Flow flow, params (string, object)[] attributes) =>
        Slide(operation, [flow.Name], window, flow, attributes);

    private Flow Slide(
        string operation, string[] inputs, Window window, Flow flow, params (string, object)[] attributes)
    {
        var output = graph.Node(
            operation,
            inputs,
            [
                ("kernel_shape", new[] { window.Rows, window.Columns }),
                ("strides", new[] { window.StrideY, window.StrideX }),
                ("pads", new[] { window.PadY, window.PadX, window.PadY, window.PadX }),
                .. attributes,
            ]);
        return flow with
        {
            Name = output,
            Rows = Steps(flow.Rows, window.Rows, window.StrideY, window.PadY),
            Columns = Steps(flow.Columns, window.Columns, window.StrideX, window.PadX),
        };
    }

    /// <summary>How many places a window has: rounded down.</summary>
    private static int Steps(int size, int window, int stride, int pad)
    {
        if (size == 0)
            return 0;

        Demand(size + (2 * pad) >= window);
        return ((size + (2 * pad) - window) / stride) + 1;
    }

    private Flow Connect(FullyConnected connected, Flow flow)
    {
        Demand(connected.Inputs == flow.Channels * flow.Rows * flow.Columns);
        var flat = graph.Node("Flatten", [flow.Name]);
        var weights = graph.Constant(connected.Weights, connected.Inputs, connected.Outputs);
        string[] inputs = connected.Biases.Length == 0
            ? [flat, weights]
            : [flat, weights, graph.Constant(connected.Biases, connected.Outputs)];
        return new Flow(graph.Node("Gemm", inputs), connected.Outputs, 1, 1);
    }

    /// <summary>dlib extends the smaller one with zeros: channels at the end, rows at the bottom, columns at the right.</summary>
    private Flow Add(Flow a, Flow b)
    {
        var sum = new Flow(
            "", Math.Max(a.Channels, b.Channels), Math.Max(a.Rows, b.Rows), Math.Max(a.Columns, b.Columns));
        return sum with { Name = graph.Node("Add", [Extend(a, sum), Extend(b, sum)]) };
    }

    private string Extend(Flow flow, Flow to)
    {
        var (channels, rows, columns) = (to.Channels - flow.Channels, to.Rows - flow.Rows, to.Columns - flow.Columns);
        return channels + rows + columns == 0
            ? flow.Name
            : graph.Node("Pad", [flow.Name, graph.Constant(0, 0, 0, 0, 0, channels, rows, columns)]);
    }

    private Flow Concatenate(Flow a, Flow b)
    {
        Demand(a.Rows == b.Rows && a.Columns == b.Columns);
        var name = graph.Node("Concat", [a.Name, b.Name], ("axis", 1));
        return a with { Name = name, Channels = a.Channels + b.Channels };
    }

    private static void Demand(bool fits)
    {
        if (!fits)
            throw new DlibFormatException("Not a usable dlib model: its layers do not fit each other.");
    }
}
