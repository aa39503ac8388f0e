using FaceSearch.Application.Abstractions;
using FaceSearch.Domain.Faces;
using FaceSearch.Infrastructure.FaceEngine;
using FaceSearch.Infrastructure.FaceEngine.Imaging;
using FaceSearch.TestSupport;

namespace FaceSearch.Infrastructure.Tests.FaceEngine.Mfn;

/// <summary>Profile mfn on the shared model files.</summary>
internal static class MfnEngine
{
    private static readonly Lazy<IFaceEncoder> LazyEncoder = new(() => MfnProfile.Profile.Build(
        MfnProfile.Profile.Files.ToDictionary(file => file, SharedData.Model), new ImageDecoder(40_000_000)));

    /// <summary>Skips the test without the model files.</summary>
    public static IFaceEncoder Encoder
    {
        get
        {
            foreach (var file in MfnProfile.Profile.Files)
                SharedData.Model(file);
            return LazyEncoder.Value;
        }
    }

    /// <summary>The largest face of a photograph of the manifest. Profile mobile has found it: the chips are the same.</summary>
    public static Embedding Embed(string path) => Encoder.Embed([MobileEngine.Photographs[path].Picture.Faces[0].Chip])[0];
}
