namespace FaceSearch.Infrastructure.FaceEngine.DlibModels;

internal enum LayerKind
{
    Convolution,
    Scale,
    Rectifier,
    MaxPooling,
    AveragePooling,
    FullyConnected,
    Tag,
    Skip,
    AddTagged,
    Concatenation,
    Repeat,
}

/// <summary>What kind of layer stands at a place of the file.</summary>
/// <param name="Id">A tag's number.</param>
/// <param name="Group">The layers that are repeated.</param>
internal sealed record LayerSyntax(LayerKind Kind, int Id = 0, IReadOnlyList<LayerSyntax>? Group = null);

/// <summary>
/// The type of a network. dlib's files do not describe themselves: in C++ the type is a nested template, here it is
/// the list of its layers in the order the data flows. Sizes are not part of it; they come from the file.
/// </summary>
/// <param name="Detector">The loss is loss_mmod rather than loss_metric, the input a tiled pyramid.</param>
internal sealed record NetworkGrammar(bool Detector, IReadOnlyList<LayerSyntax> Layers)
{
    private static readonly LayerSyntax Con = new(LayerKind.Convolution);
    private static readonly LayerSyntax Scale = new(LayerKind.Scale);
    private static readonly LayerSyntax Relu = new(LayerKind.Rectifier);
    private static readonly LayerSyntax MaxPool = new(LayerKind.MaxPooling);
    private static readonly LayerSyntax AvgPool = new(LayerKind.AveragePooling);
    private static readonly LayerSyntax Fc = new(LayerKind.FullyConnected);

    private static readonly LayerSyntax[] Block = [Con, Scale, Relu, Con, Scale];
    private static readonly LayerSyntax[] Residual = [Tag(1), .. Block, Add(1), Relu];
    private static readonly LayerSyntax[] ResidualDown = [Tag(1), .. Block, Tag(2), Skip(1), AvgPool, Add(2), Relu];

    private static readonly LayerSyntax[] DenseLayer =
        [Tag(1), Scale, Relu, Con, Scale, Relu, Con, Tag(2), new(LayerKind.Concatenation)];
    private static readonly LayerSyntax[] Transition = [Scale, Relu, Con, AvgPool];

    /// <summary><c>dlib_face_recognition_resnet_model_v1.dat</c>: dlib's dnn_face_recognition_ex.cpp, anet_type.</summary>
    public static NetworkGrammar ResNet { get; } = new(Detector: false,
    [
        Con, Scale, Relu, MaxPool,
        .. Residual, .. Residual, .. Residual,
        .. ResidualDown, .. Residual, .. Residual, .. Residual,
        .. ResidualDown, .. Residual, .. Residual,
        .. ResidualDown, .. Residual, .. Residual,
        .. ResidualDown,
        AvgPool, Fc,
    ]);

    /// <summary><c>face_recognition_densenet_model_v1.dat</c>.</summary>
    public static NetworkGrammar DenseNet { get; } = new(Detector: false,
    [
        Con, Scale, Relu, MaxPool,
        Repeat(DenseLayer), .. Transition,
        Repeat(DenseLayer), .. Transition,
        Repeat(DenseLayer), .. Transition,
        Repeat(DenseLayer), Scale, Relu,
        AvgPool, Fc,
    ]);

    /// <summary><c>mmod_human_face_detector.dat</c>: dlib's dnn_mmod_face_detection_ex.cpp.</summary>
    public static NetworkGrammar Mmod { get; } = new(Detector: true,
    [
        Con, Scale, Relu, Con, Scale, Relu, Con, Scale, Relu,
        Con, Scale, Relu, Con, Scale, Relu, Con, Scale, Relu,
        Con,
    ]);

    private static LayerSyntax Tag(int id) => new(LayerKind.Tag, id);

    private static LayerSyntax Skip(int id) => new(LayerKind.Skip, id);

    private static LayerSyntax Add(int id) => new(LayerKind.AddTagged, id);

    private static LayerSyntax Repeat(LayerSyntax[] group) => new(LayerKind.Repeat, Group: group);
}
