using FaceSearch.Application.Abstractions;
using FaceSearch.Infrastructure.FaceEngine;
using FaceSearch.Infrastructure.FaceEngine.Imaging;

namespace FaceSearch.ProfileBenchmarks;

/// <summary>Opens profiles on the files of one folder.</summary>
internal static class Profiles
{
    private const int MaxPixels = 40_000_000;

    /// <summary>The profile before its projection, and the name of the network's file.</summary>
    /// <exception cref="ArgumentException">The profile has no projection.</exception>
    public static (IFaceEncoder Encoder, string Network) Unprojected(string name, string models) => name switch
    {
        "mfn" => (Open(MfnProfile.Unprojected, models), MfnProfile.NetworkFile),
        _ => throw new ArgumentException($"The profile {name} has no projection.", nameof(name)),
    };

    public static IFaceEncoder Open(EngineProfile profile, string models) => profile.Build(
        profile.Files.ToDictionary(file => file, file => Path.Combine(models, file)), new ImageDecoder(MaxPixels));
}
