using FaceSearch.Application.Abstractions;
using FaceSearch.Domain.Faces;
using FaceSearch.Domain.Quality;
using FaceSearch.Infrastructure.FaceEngine.Alignment;
using FaceSearch.Infrastructure.FaceEngine.Detection;
using FaceSearch.Infrastructure.FaceEngine.Embeddings;
using FaceSearch.Infrastructure.FaceEngine.Landmarks;
using FaceSearch.Infrastructure.FaceEngine.Models;
using FaceSearch.Infrastructure.FaceEngine.Onnx;
using FaceSearch.Infrastructure.Startup;
using Microsoft.ML.OnnxRuntime;

namespace FaceSearch.Infrastructure.FaceEngine;

/// <summary>
/// Three networks of the npm package <c>faceplugin-face-recognition-js</c>: UltraFace, 68 points of which five align the
/// face as ArcFace does, and a MobileFaceNet whose 512 floats are projected to 128.
/// </summary>
internal static class FacepluginProfile
{
    public const string NetworkFile = "fr_feature.onnx";
    public const string ProjectionFile = "faceplugin-projection.bin";

    private const string DetectorFile = "fr_detect.onnx";
    private const string LandmarksFile = "fr_landmark.onnx";

    /// <summary>
    /// Measured for this profile; docs/engine.md has the tables. UltraFace scores nearly every found face high.
    /// Compared with YuNet's five points, the 68 points underestimate the yaw of a profile and give a noisier pitch.
    /// </summary>
    public static FaceModelTraits Traits { get; } = new(
        NearDuplicateDistance: 0.25f,
        new FaceQualityGate(
            Low: new(Size: 32, Sharpness: 36, Darkest: 30, Brightest: 225, Yaw: 40, Pitch: 45, Score: 0.8f),
            Medium: new(Size: 64, Sharpness: 75, Darkest: 50, Brightest: 210, Yaw: 30, Pitch: 40, Score: 0.9f),
            High: new(Size: 96, Sharpness: 150, Darkest: 70, Brightest: 190, Yaw: 20, Pitch: 35, Score: 0.97f)),
        EmbeddingNorm: HalfLength.Length);

    public static EngineProfile Profile { get; } =
        Create("faceplugin", "faceplugin-v1", () => EmbeddingProjection.Load(ProjectionFile).Project);

    /// <summary>The network's 512 floats at length 0.5: what a projection is fitted on. Not offered to servers.</summary>
    public static EngineProfile Unprojected { get; } = Create("faceplugin-512", "faceplugin-512-v1", () => HalfLength.Of);

    /// <summary>
    /// The model with its tiny weights set to zero. The results are unchanged, and processors that are slow at denormal
    /// floats are several times faster.
    /// </summary>
    /// <exception cref="StartException">The file can't be used.</exception>
    public static InferenceSession OpenWithoutTinyWeights(string path) => ModelFiles.Read(path, file =>
    {
        var model = file.ToArray();
        OnnxTinyWeights.Zero(model);
        return OnnxSessionFactory.Open(model, keepBuffers: true);
    });

    private static EngineProfile Create(string name, string model, Func<Func<ReadOnlySpan<float>, Embedding>> open) => new(
        name,
        model,
        "ultraface",
        [DetectorFile, LandmarksFile, NetworkFile],
        (files, decoder) => new FaceEncoder(
            model,
            Traits,
            decoder,
            new UltraFaceDetector(new UltraFaceNetwork(OnnxSessionFactory.Open(files[DetectorFile], keepBuffers: true))),
            new ArcFaceAligner(new SixtyEightPointFinder(OpenWithoutTinyWeights(files[LandmarksFile]))),
            new ArcFaceEmbedder(OpenWithoutTinyWeights(files[NetworkFile]), centre: 127, range: 128, open())));
}
