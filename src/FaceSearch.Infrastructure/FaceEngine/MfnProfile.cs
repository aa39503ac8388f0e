using FaceSearch.Application.Abstractions;
using FaceSearch.Domain.Faces;
using FaceSearch.Domain.Quality;
using FaceSearch.Infrastructure.FaceEngine.Embeddings;
using FaceSearch.Infrastructure.FaceEngine.EspdlModels;
using FaceSearch.Infrastructure.FaceEngine.Landmarks;
using FaceSearch.Infrastructure.FaceEngine.Models;
using FaceSearch.Infrastructure.Startup;

namespace FaceSearch.Infrastructure.FaceEngine;

/// <summary>YuNet and ArcFace's alignment as profile <c>mobile</c>, then Espressif's MFN projected to 128 floats.</summary>
internal static class MfnProfile
{
    public const string NetworkFile = "human_face_feat_mfn_s8_v1.p4.espdl";
    public const string ProjectionFile = "mfn-projection.bin";

    private static readonly FaceModelTraits Traits = new(
        NearDuplicateDistance: 0.25f, FaceQualityGate.Default, EmbeddingNorm: HalfLength.Length);

    public static EngineProfile Profile { get; } = YuNetProfile.Create(
        "mfn", "espressif-mfn-v1", NetworkFile, Traits, path => OpenEmbedder(path, EmbeddingProjection.Load(ProjectionFile).Project));

    /// <summary>The network's 512 floats at length 0.5: what a projection is fitted on. Not offered to servers.</summary>
    public static EngineProfile Unprojected { get; } = YuNetProfile.Create(
        "mfn-512", "espressif-mfn-512-v1", NetworkFile, Traits, path => OpenEmbedder(path, HalfLength.Of));

    /// <param name="path">Of the network's file.</param>
    /// <exception cref="StartException">The file can't be used.</exception>
    public static ArcFaceEmbedder OpenEmbedder(string path, Func<ReadOnlySpan<float>, Embedding> toEmbedding)
    {
        var network = ModelFiles.Read(
            path, file => EspdlTranslator.TranslateEmbedder(EspdlGraph.Read(file), ArcFaceTemplate.ChipSize));
        return new ArcFaceEmbedder(
            OnnxSessionFactory.Open(network.ToArray(), keepBuffers: true), centre: 127.5f, range: 127.5f, toEmbedding);
    }
}
