namespace FaceSearch.Infrastructure.FaceEngine.DlibModels;

/// <summary>
/// Walks a network file along its grammar. dlib writes from the output inwards: a layer's version, then the whole
/// network below it, then the layer's own data. Hence the recursion, which meets the data in the order it flows.
/// </summary>
internal sealed class NetworkReader(DlibReader reader, NetworkGrammar grammar)
{
    private readonly LayerReader layers = new(reader);
    private NetworkInput? input;

    public DlibNetwork Read()
    {
        reader.ReadVersion("add_loss_layer", 1, 1);
        var detection = ReadLoss();
        var flow = ReadChain(grammar.Layers, grammar.Layers.Count - 1, isGroup: false);
        reader.DemandEnd();
        return new DlibNetwork(input!, detection, flow);
    }

    private DetectionOptions? ReadLoss()
    {
        if (grammar.Detector)
        {
            reader.ReadName("a face detector", "loss_mmod_");
            return layers.ReadDetectionOptions();
        }

        if (reader.ReadName("a face embedding network", "loss_metric_", "loss_metric_2") == "loss_metric_2")
            reader.SkipFloats(2); // margin and distance threshold: only training needs them

        return null;
    }

    /// <param name="isGroup">Inside a repeat the innermost layer's input is written as nothing at all.</param>
    private List<NetworkLayer> ReadChain(IReadOnlyList<LayerSyntax> chain, int last, bool isGroup)
    {
        var syntax = chain[last];
        return syntax.Kind switch
        {
            LayerKind.Tag => ReadTag(chain, last, isGroup, new Tag(syntax.Id)),
            LayerKind.Skip => ReadTag(chain, last, isGroup, new Skip(syntax.Id)),
            LayerKind.Repeat => ReadRepeat(chain, last, isGroup),
            _ => ReadLayer(chain, last, isGroup),
        };
    }

    private List<NetworkLayer> ReadLayer(IReadOnlyList<LayerSyntax> chain, int last, bool isGroup)
    {
        var innermost = last == 0;
        var version = innermost
            ? reader.ReadVersion("the innermost add_layer", 2, 3)
            : reader.ReadVersion("add_layer", 1, 2);

        var flow = innermost ? ReadInput(isGroup) : ReadChain(chain, last - 1, isGroup);
        flow.Add(layers.Read(chain[last]));

        for (var flag = 0; flag < 3; flag++)
            reader.ReadBool(); // set up, gradient stale, output disabled

        reader.SkipTensor(); // x_grad
        reader.SkipTensor(); // cached_output
        if (innermost || version == 2)
            reader.SkipTensor(); // grad_final or params_grad
        if (innermost && version == 3)
            reader.ReadInteger(); // sample expansion factor

        return flow;
    }

    private List<NetworkLayer> ReadTag(IReadOnlyList<LayerSyntax> chain, int last, bool isGroup, NetworkLayer layer)
    {
        List<NetworkLayer> flow;
        if (last > 0)
        {
            reader.ReadVersion("add_tag_layer", 1, 1);
            flow = ReadChain(chain, last - 1, isGroup);
        }
        else
        {
            var version = reader.ReadVersion("the innermost add_tag_layer", 1, 2);
            flow = ReadInput(isGroup);
            reader.SkipTensor(); // cached_output
            reader.SkipTensor(); // grad_final
            reader.ReadBool(); // gradient stale
            if (version == 2)
                reader.ReadInteger(); // sample expansion factor
        }

        flow.Add(layer);
        return flow;
    }

    private List<NetworkLayer> ReadRepeat(IReadOnlyList<LayerSyntax> chain, int last, bool isGroup)
    {
        reader.ReadVersion("repeat", 1, 1);
        var group = chain[last].Group!;
        var groups = new List<NetworkLayer>[reader.ReadCount(group.Count)];
        for (var i = 0; i < groups.Length; i++)
            groups[i] = ReadChain(group, group.Count - 1, isGroup: true);

        var flow = ReadChain(chain, last - 1, isGroup);
        // The first group in the file is the one nearest to the output.
        for (var i = groups.Length - 1; i >= 0; i--)
            flow.AddRange(groups[i]);

        return flow;
    }

    private List<NetworkLayer> ReadInput(bool isGroup)
    {
        if (!isGroup)
            input = layers.ReadInput(grammar.Detector);

        return [];
    }
}
