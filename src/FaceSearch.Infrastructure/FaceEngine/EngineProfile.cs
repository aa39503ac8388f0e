using FaceSearch.Application.Abstractions;
using FaceSearch.Infrastructure.FaceEngine.Alignment;
using FaceSearch.Infrastructure.FaceEngine.Detection;
using FaceSearch.Infrastructure.FaceEngine.Embeddings;
using FaceSearch.Infrastructure.FaceEngine.Imaging;
using FaceSearch.Infrastructure.FaceEngine.Landmarks;
using FaceSearch.Infrastructure.FaceEngine.Models;

namespace FaceSearch.Infrastructure.FaceEngine;

/// <summary>Which model does each step, and under which name its embeddings go.</summary>
/// <param name="Name">As configured: <c>mobile</c>.</param>
/// <param name="Model">The id embeddings carry. Another network, scale or alignment is another model.</param>
/// <param name="Files">What it needs of <c>dlib-models/models.json</c>.</param>
/// <param name="Build">Opens the sessions; takes the full path of each file by its name.</param>
internal sealed record EngineProfile(
    string Name,
    string Model,
    IReadOnlyList<string> Files,
    Func<IReadOnlyDictionary<string, string>, ImageDecoder, IFaceEncoder> Build)
{
    private const string YuNetFile = "yunet_n_dynamic.onnx";
    private const string MobileFaceNetFile = "mobilefacenet.onnx";
    private const string MobileModel = "mobilefacenet-v1";

    /// <summary>YuNet, ArcFace's alignment, MobileFaceNet.</summary>
    public static EngineProfile Mobile { get; } =
        new("mobile", MobileModel, [YuNetFile, MobileFaceNetFile], BuildMobile);

    public static IReadOnlyList<EngineProfile> All { get; } = [Mobile];

    public static EngineProfile? Find(string name) =>
        All.FirstOrDefault(profile => profile.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    private static FaceEncoder BuildMobile(IReadOnlyDictionary<string, string> files, ImageDecoder decoder)
    {
        var yuNet = new YuNetNetwork(OnnxSessionFactory.Open(files[YuNetFile], keepBuffers: false));
        var mobileFaceNet = OnnxSessionFactory.Open(files[MobileFaceNetFile], keepBuffers: true);
        return new FaceEncoder(
            MobileModel,
            decoder,
            new YuNetFaceDetector(yuNet),
            new ArcFaceAligner(new YuNetLandmarkRefiner(yuNet)),
            new MobileFaceNetEmbedder(mobileFaceNet));
    }
}
