using System.Collections.Frozen;
using FaceSearch.Application.Abstractions;
using FaceSearch.Infrastructure.FaceEngine;
using FaceSearch.TestSupport;

namespace FaceSearch.Infrastructure.Tests.FaceEngine;

/// <summary>Profile mobile on the shared model files, and its results for every photograph.</summary>
internal static class MobileEngine
{
    public static ProfilePhotographs Instance { get; } = new(EngineProfile.Mobile);

    /// <inheritdoc cref="ProfilePhotographs.Encoder"/>
    public static IFaceEncoder Encoder => Instance.Encoder;

    /// <inheritdoc cref="ProfilePhotographs.Photographs"/>
    public static FrozenDictionary<string, Encoded> Photographs => Instance.Photographs;

    public static Encoded Encode(byte[] picture) => Instance.Encode(picture);

    public static IEnumerable<string[]> Rows(string file) =>
        File.ReadLines(SharedData.Face(file)).Skip(1).Select(line => line.Split(','));
}
