using FaceSearch.Application.Abstractions;
using FaceSearch.Infrastructure.FaceEngine.Alignment;
using FaceSearch.Infrastructure.FaceEngine.Detection;
using FaceSearch.Infrastructure.FaceEngine.Embeddings;
using FaceSearch.Infrastructure.FaceEngine.Landmarks;
using FaceSearch.Infrastructure.FaceEngine.Models;

namespace FaceSearch.Infrastructure.FaceEngine;

/// <summary>Profiles with YuNet's faces and landmarks and ArcFace's alignment. They differ in the embedding network.</summary>
internal static class YuNetProfile
{
    private const string YuNetFile = "yunet_n_dynamic.onnx";

    /// <param name="networkFile">The embedding network in <c>dlib-models/models.json</c>.</param>
    /// <param name="openEmbedder">Opens the network, given its full path.</param>
    public static EngineProfile Create(
        string name, string model, string networkFile, FaceModelTraits traits, Func<string, IFaceEmbedder> openEmbedder) => new(
        name, model, "yunet", [YuNetFile, networkFile], (files, decoder) =>
        {
            var yuNet = new YuNetNetwork(OnnxSessionFactory.Open(files[YuNetFile], keepBuffers: false));
            return new FaceEncoder(
                model,
                traits,
                decoder,
                new YuNetFaceDetector(yuNet),
                new ArcFaceAligner(new YuNetLandmarkRefiner(yuNet)),
                openEmbedder(files[networkFile]));
        });
}
