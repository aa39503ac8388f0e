using FaceSearch.Infrastructure.FaceEngine;

namespace FaceSearch.Infrastructure.Tests.FaceEngine.Mfn;

/// <summary>Profile mfn on the shared model files.</summary>
internal static class MfnEngine
{
    public static ProfilePhotographs Instance { get; } = new(MfnProfile.Profile);
}
