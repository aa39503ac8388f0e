namespace FaceSearch.Infrastructure.FaceEngine.DlibModels;

/// <summary>The data of each kind of layer, in every version that dlib's published files hold.</summary>
internal sealed class LayerReader(DlibReader reader)
{
    public NetworkLayer Read(LayerSyntax syntax) => syntax.Kind switch
    {
        LayerKind.Convolution => ReadConvolution(),
        LayerKind.Scale => ReadScale(),
        LayerKind.Rectifier => ReadRectifier(),
        LayerKind.MaxPooling => new MaxPooling(ReadPool("max_pool_2")),
        LayerKind.AveragePooling => new AveragePooling(ReadPool("avg_pool_2")),
        LayerKind.FullyConnected => ReadFullyConnected(),
        LayerKind.AddTagged => ReadAddTagged(syntax.Id),
        LayerKind.Concatenation => ReadConcatenation(),
        _ => throw new ArgumentOutOfRangeException(nameof(syntax)),
    };

    public NetworkInput ReadInput(bool pyramid)
    {
        var name = pyramid
            ? reader.ReadName("a pyramid input", "input_rgb_image_pyramid", "input_rgb_image_pyramid2")
            : reader.ReadName("an RGB input", "input_rgb_image", "input_rgb_image_sized");

        var input = new NetworkInput(reader.ReadSingle(), reader.ReadSingle(), reader.ReadSingle());
        switch (name)
        {
            case "input_rgb_image_sized":
                reader.ReadInteger(); // rows and columns the embedder's chip has anyway
                reader.ReadInteger();
                return input;
            case "input_rgb_image_pyramid":
                return input with { Padding = 10, OuterPadding = 11 };
            case "input_rgb_image_pyramid2":
                return input with { Padding = reader.ReadSize(), OuterPadding = reader.ReadSize() };
            default:
                return input;
        }
    }

    public DetectionOptions ReadDetectionOptions()
    {
        var version = reader.ReadVersion("mmod_options", 1, 4);
        var (width, height) = version == 1 ? (reader.ReadSize(), reader.ReadSize()) : ReadDetectorWindow();
        reader.SkipFloats(3); // losses and the truth's threshold: only training needs them
        var (maxIou, maxCovered) = (reader.ReadFloat(), reader.ReadFloat());
        reader.SkipFloats(2); // which truth boxes training ignores
        if (version >= 3)
            reader.ReadByte(); // assume an image pyramid
        if (version >= 4)
        {
            if (reader.ReadBool())
                throw reader.Damaged("a detector with bounding box regression");

            reader.ReadFloat(); // bbr_lambda
        }

        return new DetectionOptions(width, height, maxIou, maxCovered);
    }

    private (int Width, int Height) ReadDetectorWindow()
    {
        if (reader.ReadCount() != 1)
            throw reader.Damaged("a detector with several windows");

        var version = reader.ReadVersion("detector_window_details", 1, 2);
        var size = (reader.ReadSize(), reader.ReadSize());
        if (version == 2)
            reader.ReadString(); // the label

        return size;
    }

    private Convolution ReadConvolution()
    {
        var name = reader.ReadName("a convolution", "con_4", "con_5");
        var parameters = reader.ReadTensor();
        var filters = reader.ReadSize();
        var window = ReadWindow();
        var (count, channels, rows, columns) = reader.ReadAlias();
        reader.ReadAlias();
        reader.SkipFloats(4); // learning rates and weight decays
        if (name == "con_5")
            reader.ReadBool(); // use_bias: the parameters' length says it too

        var weights = (long)count * channels * rows * columns;
        if (count != filters || rows != window.Rows || columns != window.Columns || weights == 0
            || (parameters.Length != weights && parameters.Length != weights + filters))
            throw reader.Damaged("a convolution's parameters do not fit its shape");

        return new Convolution(filters, channels, window, parameters[..(int)weights], parameters[(int)weights..]);
    }

    private Scale ReadScale()
    {
        var name = reader.ReadName("a scaling layer", "affine_", "affine_2", "bn_con2");
        var parameters = reader.ReadTensor();
        if (parameters.Length == 0 || parameters.Length % 2 != 0)
            throw reader.Damaged("a scaling layer's parameters do not fit its shape");

        var channels = parameters.Length / 2;
        reader.ReadAlias();
        reader.ReadAlias();
        var scale = new Scale(parameters[..channels], parameters[channels..]);
        if (name == "bn_con2")
            return ReadBatchNormalisation(scale);

        if (reader.ReadInteger() != 0)
            throw reader.Damaged("a scaling layer that is not one of channels");

        if (name == "affine_2" && reader.ReadBool())
            throw reader.Damaged("a network whose layers were fused");

        return scale;
    }

    /// <summary>Normalisation with running statistics is a scaling, which is how dlib itself reads it for inference.</summary>
    private Scale ReadBatchNormalisation(Scale learned)
    {
        reader.SkipTensor(); // means and
        reader.SkipTensor(); // deviations of the last batch
        var means = reader.ReadTensor();
        var variances = reader.ReadTensor();
        reader.ReadInteger(); // updates
        reader.ReadInteger(); // window
        reader.SkipFloats(4); // learning rates and weight decays
        var epsilon = reader.ReadFloat();

        var (gamma, beta) = learned;
        if (means.Length != gamma.Length || variances.Length != gamma.Length)
            throw reader.Damaged("a normalisation's statistics do not fit its shape");

        for (var i = 0; i < gamma.Length; i++)
        {
            gamma[i] = (float)(gamma[i] / Math.Sqrt(variances[i] + epsilon));
            beta[i] -= means[i] * gamma[i];
        }

        return learned;
    }

    private Rectifier ReadRectifier()
    {
        reader.ReadName("a rectifier", "relu_");
        return new Rectifier();
    }

    private AddTagged ReadAddTagged(int id)
    {
        reader.ReadName("an addition", "add_prev_");
        return new AddTagged(id);
    }

    private Concatenation ReadConcatenation()
    {
        reader.ReadName("a concatenation", "concat_");
        if (reader.ReadInteger() != 2)
            throw reader.Damaged("a concatenation of other than two");

        return new Concatenation(1, 2);
    }

    private Window ReadPool(string name)
    {
        reader.ReadName("a pooling layer", name);
        return ReadWindow();
    }

    private FullyConnected ReadFullyConnected()
    {
        var name = reader.ReadName("a fully connected layer", "fc_2", "fc_3");
        var outputs = reader.ReadSize();
        var inputs = reader.ReadSize();
        var parameters = reader.ReadTensor();
        reader.ReadAlias();
        reader.ReadAlias();
        reader.ReadInteger(); // bias mode: the parameters' length says it too
        reader.SkipFloats(4); // learning rates and weight decays
        if (name == "fc_3")
            reader.ReadBool();

        var weights = (long)inputs * outputs;
        if (weights == 0 || (parameters.Length != weights && parameters.Length != weights + outputs))
            throw reader.Damaged("a fully connected layer's parameters do not fit its shape");

        return new FullyConnected(inputs, outputs, parameters[..(int)weights], parameters[(int)weights..]);
    }

    private Window ReadWindow()
    {
        var (rows, columns) = (reader.ReadSize(), reader.ReadSize());
        var (strideY, strideX) = (reader.ReadSize(), reader.ReadSize());
        var window = new Window(rows, columns, strideY, strideX, PadY: reader.ReadSize(), PadX: reader.ReadSize());
        return window is { StrideX: > 0, StrideY: > 0 } ? window : throw reader.Damaged("a window without a stride");
    }
}
