using FaceSearch.Application.Abstractions;
using FaceSearch.Domain.Quality;
using FaceSearch.Infrastructure.FaceEngine.Embeddings;
using FaceSearch.Infrastructure.FaceEngine.Imaging;
using FaceSearch.Infrastructure.FaceEngine.Models;

namespace FaceSearch.Infrastructure.FaceEngine;

/// <summary>The model of each step, and the id of the embeddings.</summary>
/// <param name="Name">As configured: <c>mobile</c>. Several models may share it: dlib's with YuNet and with mmod.</param>
/// <param name="Model">The id embeddings carry. Another network, detector, scale or alignment is another model.</param>
/// <param name="Detector">The face detector: <c>yunet</c>, <c>mmod</c>, <c>ultraface</c>.</param>
/// <param name="Files">The needed files of <c>dlib-models/models.json</c>.</param>
/// <param name="Build">Opens the sessions; takes the full path of each file by its name.</param>
internal sealed record EngineProfile(
    string Name,
    string Model,
    string Detector,
    IReadOnlyList<string> Files,
    Func<IReadOnlyDictionary<string, string>, ImageDecoder, IFaceEncoder> Build)
{
    public const string Auto = "auto";

    /// <summary>YuNet, ArcFace's alignment, MobileFaceNet.</summary>
    public static EngineProfile Mobile { get; } = YuNetProfile.Create(
        "mobile",
        "mobilefacenet-v1",
        "mobilefacenet.onnx",
        new FaceModelTraits(NearDuplicateDistance: 0.25f, FaceQualityGate.Default, EmbeddingNorm: HalfLength.Length),
        OpenMobileEmbedder);

    /// <summary>The names that the settings accept.</summary>
    public static IReadOnlyList<string> Names { get; } = [Auto, .. All(new DlibOptions()).Select(profile => profile.Name).Distinct()];

    /// <summary>Every profile; of those that share a name the best first.</summary>
    public static IReadOnlyList<EngineProfile> All(DlibOptions options) =>
    [
        MfnProfile.Profile,
        Mobile,
        FacepluginProfile.Profile,
        .. DlibProfile.ResNets(options),
        .. DlibProfile.DenseNets(options),
    ];

    /// <summary>
    /// The profiles of a profile's name or a model's id, the best first. The first one whose files are available is
    /// used.
    /// </summary>
    /// <returns>Empty for an unknown name.</returns>
    public static IReadOnlyList<EngineProfile> Candidates(string nameOrModel, DlibOptions options) =>
        IsAuto(nameOrModel)
            ?
            [
                MfnProfile.Profile,
                Mobile,
                FacepluginProfile.Profile,
                .. DlibProfile.ResNets(options).OrderByDescending(profile => profile.Detector == DlibProfile.YuNet),
            ]
            : [.. All(options).Where(profile => IsNamed(profile, nameOrModel))];

    public static bool IsAuto(string name) => name.Equals(Auto, StringComparison.OrdinalIgnoreCase);

    private static bool IsNamed(EngineProfile profile, string nameOrModel) =>
        profile.Name.Equals(nameOrModel, StringComparison.OrdinalIgnoreCase) || profile.Model == nameOrModel;

    /// <param name="path">Of <c>mobilefacenet.onnx</c>.</param>
    public static ArcFaceEmbedder OpenMobileEmbedder(string path) => new(
        OnnxSessionFactory.Open(path, keepBuffers: true), centre: 127.5f, range: 127.5f, HalfLength.Of);
}
