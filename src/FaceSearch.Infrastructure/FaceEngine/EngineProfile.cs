using FaceSearch.Application.Abstractions;
using FaceSearch.Domain.Faces;
using FaceSearch.Infrastructure.FaceEngine.Embeddings;
using FaceSearch.Infrastructure.FaceEngine.Imaging;
using FaceSearch.Infrastructure.FaceEngine.Models;

namespace FaceSearch.Infrastructure.FaceEngine;

/// <summary>Which model does each step, and under which name its embeddings go.</summary>
/// <param name="Name">As configured: <c>mobile</c>.</param>
/// <param name="Model">The id embeddings carry. Another network, scale or alignment is another model.</param>
/// <param name="Detector">What finds the faces: <c>yunet</c>, <c>mmod</c>.</param>
/// <param name="Files">What it needs of <c>dlib-models/models.json</c>.</param>
/// <param name="Build">Opens the sessions; takes the full path of each file by its name.</param>
internal sealed record EngineProfile(
    string Name,
    string Model,
    string Detector,
    IReadOnlyList<string> Files,
    Func<IReadOnlyDictionary<string, string>, ImageDecoder, IFaceEncoder> Build)
{
    public static IReadOnlyList<string> Names { get; } = ["mobile", "mfn", "dlib", "dlib-densenet", "auto"];

    /// <summary>
    /// The profiles that may go by a name, the best first: the first whose files can be had is used.
    /// </summary>
    /// <returns>Empty for a name that is not known.</returns>
    public static IReadOnlyList<EngineProfile> Candidates(string name, DlibOptions options) =>
        name.ToUpperInvariant() switch
        {
            "MOBILE" => [Mobile],
            "MFN" => [MfnProfile.Profile],
            "DLIB" => [DlibProfile.ResNet(options)],
            "DLIB-DENSENET" => [DlibProfile.DenseNet(options), DlibProfile.DenseNetWithTestLandmarks(options)],
            "AUTO" => [DlibProfile.ResNet(options), Mobile],
            _ => [],
        };

    /// <summary>YuNet, ArcFace's alignment, MobileFaceNet.</summary>
    public static EngineProfile Mobile { get; } = YuNetProfile.Create(
        "mobile",
        "mobilefacenet-v1",
        "mobilefacenet.onnx",
        new FaceModelTraits(NearDuplicateDistance: 0.25f, FaceQualityGate.Default),
        OpenMobileEmbedder);

    /// <param name="path">Of <c>mobilefacenet.onnx</c>.</param>
    public static ArcFaceEmbedder OpenMobileEmbedder(string path) => new(
        OnnxSessionFactory.Open(path, keepBuffers: true), centre: 127.5f, range: 127.5f, HalfLength.Of);
}
