using FaceSearch.Infrastructure.FaceEngine;

namespace FaceSearch.Infrastructure.Tests.FaceEngine.Faceplugin;

/// <summary>Profile faceplugin on the shared model files.</summary>
internal static class FacepluginEngine
{
    public static ProfilePhotographs Instance { get; } = new(FacepluginProfile.Profile);
}
