using FaceSearch.Infrastructure.FaceEngine.Detection;
using FaceSearch.Infrastructure.FaceEngine.DlibModels;
using FaceSearch.Infrastructure.FaceEngine.Embeddings;
using FaceSearch.Infrastructure.FaceEngine.Imaging;
using FaceSearch.Infrastructure.FaceEngine.Models;
using FaceSearch.TestSupport;

namespace FaceSearch.Infrastructure.Tests.FaceEngine.Dlib;

/// <summary>dlib's model files, and pictures for its detector: photographs when present, else drawn people.</summary>
internal static class DlibFiles
{
    public const string TestLandmarks = "face_landmarks_5.dat";

    private static readonly Lazy<byte[]> MmodFile = new(() => Read("mmod_human_face_detector.dat"));
    private static readonly Lazy<byte[]> ResNetFile = new(() => Read("dlib_face_recognition_resnet_model_v1.dat"));
    private static readonly Lazy<byte[]> DenseNetFile = new(() => Read("face_recognition_densenet_model_v1.dat"));
    private static readonly Lazy<byte[]> LandmarksFile = new(() => Read("shape_predictor_5_face_landmarks.dat"));

    public static byte[] Mmod => MmodFile.Value;

    public static byte[] ResNet => ResNetFile.Value;

    public static byte[] DenseNet => DenseNetFile.Value;

    /// <summary>The published ones.</summary>
    public static byte[] Landmarks => LandmarksFile.Value;

    public static MmodFaceDetector OpenMmod(ReadOnlyMemory<byte> file, MmodSettings settings)
    {
        var network = DlibNetwork.Read(file, NetworkGrammar.Mmod);
        var model = NetworkTranslator.TranslateDetector(network).ToArray();
        return new MmodFaceDetector(OnnxSessionFactory.Open(model, keepBuffers: true), network, settings);
    }

    public static DlibEmbedder OpenEmbedder(ReadOnlyMemory<byte> file, NetworkGrammar grammar)
    {
        var network = DlibNetwork.Read(file, grammar);
        var model = NetworkTranslator.TranslateEmbedder(network, DlibEmbedder.ChipSize).ToArray();
        return new DlibEmbedder(OnnxSessionFactory.Open(model, keepBuffers: true), network.Input);
    }

    public static RgbImage Decode(string path) =>
        new ImageDecoder(100_000_000).Decode(File.ReadAllBytes(path)).Value.Image;

    /// <summary>Pictures with one face of about 100 pixels: the first ones of LFW by name, or drawn ones.</summary>
    public static string[] Portraits(int count) => SharedData.HasFaces
        ? [.. Pictures("lfw").Order(StringComparer.Ordinal).Take(count)]
        : [.. DrawnGallery.Files.Take(count)];

    /// <summary>The smallest photographs with several faces: dlib needs about a second for each.</summary>
    public static string[] Groups(int count) => [.. Pictures("group").OrderBy(Pixels).Take(count)];

    private static string[] Pictures(string folder) =>
        Directory.GetFiles(SharedData.Face(folder), "*.jpg", SearchOption.AllDirectories);

    private static int Pixels(string path)
    {
        using var codec = SkiaSharp.SKCodec.Create(path);
        return codec.Info.Width * codec.Info.Height;
    }

    private static byte[] Read(string file) => File.ReadAllBytes(SharedData.Model(file));
}
