using FaceSearch.Application.Abstractions;
using FaceSearch.Domain.Quality;
using FaceSearch.Infrastructure.FaceEngine.Alignment;
using FaceSearch.Infrastructure.FaceEngine.Detection;
using FaceSearch.Infrastructure.FaceEngine.DlibModels;
using FaceSearch.Infrastructure.FaceEngine.Embeddings;
using FaceSearch.Infrastructure.FaceEngine.Landmarks;
using FaceSearch.Infrastructure.FaceEngine.Models;
using Microsoft.ML.OnnxRuntime;

namespace FaceSearch.Infrastructure.FaceEngine;

/// <summary>
/// dlib's detector, landmarks, chip and embedding, as face_recognition chains them. With YuNet as the detector it is
/// another model: the landmarks start from other boxes.
/// </summary>
internal static class DlibProfile
{
    public const string YuNet = "yunet";
    private const string Mmod = "mmod";

    private const string MmodFile = "mmod_human_face_detector.dat";
    private const string YuNetFile = "yunet_n_dynamic.onnx";
    private const string LandmarksFile = "shape_predictor_5_face_landmarks.dat";
    private const string TestLandmarksFile = "face_landmarks_5.dat";

    private static readonly FaceModelTraits Traits = new(NearDuplicateDistance: 0.25f, FaceQualityGate.Default);

    private static readonly EmbeddingFile ResNet =
        new("dlib", "dlib-resnet", "dlib_face_recognition_resnet_model_v1.dat", NetworkGrammar.ResNet);

    private static readonly EmbeddingFile DenseNet =
        new("dlib-densenet", "dlib-densenet", "face_recognition_densenet_model_v1.dat", NetworkGrammar.DenseNet);

    public static IReadOnlyList<EngineProfile> ResNets(DlibOptions options) =>
        [.. DetectorsOf(options).Select(detector => Profile(ResNet, detector, LandmarksFile, options))];

    /// <summary>
    /// The last ones are used when the published landmarks are not available. Another alignment gives another embedding
    /// space, so the model's id differs.
    /// </summary>
    public static IReadOnlyList<EngineProfile> DenseNets(DlibOptions options) =>
    [
        .. DetectorsOf(options).Select(detector => Profile(DenseNet, detector, LandmarksFile, options)),
        .. DetectorsOf(options).Select(detector => Profile(DenseNet, detector, TestLandmarksFile, options, "-testlandmarks")),
    ];

    /// <summary>
    /// The suffix of the model's id and the detector, the preferred one first. Earlier versions gave both detectors the
    /// id that is mmod's now, so with <c>Engine:Dlib:Detector=yunet</c> that id runs YuNet, for the collections that
    /// were made so.
    /// </summary>
    private static (string Suffix, string Detector)[] DetectorsOf(DlibOptions options) => options.Detector switch
    {
        null => [("-v1", Mmod), ("-yunet-v1", YuNet)],
        Mmod => [("-v1", Mmod)],
        _ => [("-yunet-v1", YuNet), ("-v1", YuNet)],
    };

    private static EngineProfile Profile(
        EmbeddingFile embedding, (string Suffix, string Name) detector, string landmarks, DlibOptions options, string suffix = "")
    {
        var model = embedding.Model + detector.Suffix + suffix;
        var detectorFile = detector.Name == YuNet ? YuNetFile : MmodFile;
        string[] needed = [detectorFile, landmarks, embedding.File];
        return new EngineProfile(embedding.Profile, model, detector.Name, needed, (files, decoder) => new FaceEncoder(
            model,
            Traits,
            decoder,
            detector.Name == YuNet ? OpenYuNet(files[YuNetFile]) : OpenMmod(files[MmodFile], options),
            new DlibFaceAligner(ModelFiles.Read(files[landmarks], ShapePredictorReader.Read)),
            OpenEmbedder(files[embedding.File], embedding.Grammar)));
    }

    private static DlibBoxes OpenYuNet(string path) =>
        new(new YuNetFaceDetector(new YuNetNetwork(OnnxSessionFactory.Open(path, keepBuffers: false))));

    private static MmodFaceDetector OpenMmod(string path, DlibOptions options)
    {
        var network = ModelFiles.Read(path, file => DlibNetwork.Read(file, NetworkGrammar.Mmod));
        return new MmodFaceDetector(
            Open(NetworkTranslator.TranslateDetector(network)),
            network,
            new MmodSettings { Upsample = options.Upsample, SkipFullSize = options.SkipFullSize });
    }

    private static DlibEmbedder OpenEmbedder(string path, NetworkGrammar grammar)
    {
        var network = ModelFiles.Read(path, file => DlibNetwork.Read(file, grammar));
        return new DlibEmbedder(Open(NetworkTranslator.TranslateEmbedder(network, DlibEmbedder.ChipSize)), network.Input);
    }

    private static InferenceSession Open(ReadOnlyMemory<byte> model) =>
        OnnxSessionFactory.Open(model.ToArray(), keepBuffers: true);

    private sealed record EmbeddingFile(string Profile, string Model, string File, NetworkGrammar Grammar);
}
