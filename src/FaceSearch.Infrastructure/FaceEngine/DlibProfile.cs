using FaceSearch.Application.Abstractions;
using FaceSearch.Domain.Faces;
using FaceSearch.Infrastructure.FaceEngine.Alignment;
using FaceSearch.Infrastructure.FaceEngine.Detection;
using FaceSearch.Infrastructure.FaceEngine.DlibModels;
using FaceSearch.Infrastructure.FaceEngine.Embeddings;
using FaceSearch.Infrastructure.FaceEngine.Landmarks;
using FaceSearch.Infrastructure.FaceEngine.Models;
using Microsoft.ML.OnnxRuntime;

namespace FaceSearch.Infrastructure.FaceEngine;

/// <summary>
/// dlib's detector, landmarks, chip and embedding, as face_recognition chains them. The detector is a setting and not
/// part of the model: it moves landmarks by a pixel or so, the landmarks' own model and the network define the space.
/// </summary>
internal static class DlibProfile
{
    private const string MmodFile = "mmod_human_face_detector.dat";
    private const string YuNetFile = "yunet_n_dynamic.onnx";
    private const string LandmarksFile = "shape_predictor_5_face_landmarks.dat";
    private const string TestLandmarksFile = "face_landmarks_5.dat";
    private const string ResNetFile = "dlib_face_recognition_resnet_model_v1.dat";
    private const string DenseNetFile = "face_recognition_densenet_model_v1.dat";

    public static EngineProfile ResNet(DlibOptions options) =>
        Profile("dlib", "dlib-resnet-v1", LandmarksFile, ResNetFile, NetworkGrammar.ResNet, options);

    public static EngineProfile DenseNet(DlibOptions options) =>
        Profile("dlib-densenet", "dlib-densenet-v1", LandmarksFile, DenseNetFile, NetworkGrammar.DenseNet, options);

    /// <summary>
    /// Where the published landmarks can't be had. Another alignment is another space: the model's id says so.
    /// </summary>
    public static EngineProfile DenseNetWithTestLandmarks(DlibOptions options) => Profile(
        "dlib-densenet", "dlib-densenet-v1-testlandmarks", TestLandmarksFile, DenseNetFile, NetworkGrammar.DenseNet, options);

    private static EngineProfile Profile(
        string name, string model, string landmarks, string network, NetworkGrammar grammar, DlibOptions options)
    {
        var detector = options.Detector == "yunet" ? YuNetFile : MmodFile;
        return new EngineProfile(name, model, options.Detector, [detector, landmarks, network], (files, decoder) => new FaceEncoder(
            model,
            new FaceModelTraits(NearDuplicateDistance: 0.25f, FaceQualityGate.Default),
            decoder,
            detector == YuNetFile ? OpenYuNet(files[YuNetFile]) : OpenMmod(files[MmodFile], options),
            new DlibFaceAligner(ModelFiles.Read(files[landmarks], ShapePredictorReader.Read)),
            OpenEmbedder(files[network], grammar)));
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
}
