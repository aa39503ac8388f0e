using System.Collections.Concurrent;
using System.Collections.Frozen;
using FaceSearch.Application.Abstractions;
using FaceSearch.Domain.Faces;
using FaceSearch.Infrastructure.FaceEngine;
using FaceSearch.Infrastructure.FaceEngine.Imaging;
using FaceSearch.TestSupport;

namespace FaceSearch.Infrastructure.Tests.FaceEngine;

/// <summary>A profile on the shared model files, and its results for every photograph, computed once.</summary>
internal sealed class ProfilePhotographs
{
    private readonly EngineProfile profile;
    private readonly Lazy<IFaceEncoder> encoder;
    private readonly Lazy<FrozenDictionary<string, Encoded>> photographs;

    public ProfilePhotographs(EngineProfile profile)
    {
        this.profile = profile;
        encoder = new(() => profile.Build(profile.Files.ToDictionary(file => file, SharedData.Model), new ImageDecoder(40_000_000)));
        photographs = new(EncodeAll);
    }

    /// <summary>Skips the test without the model files.</summary>
    public IFaceEncoder Encoder
    {
        get
        {
            foreach (var file in profile.Files)
                SharedData.Model(file);
            return encoder.Value;
        }
    }

    /// <summary>By path below <c>faces</c>. The chips are left out, because they are crops.</summary>
    public FrozenDictionary<string, Encoded> Photographs
    {
        get
        {
            SharedData.Face("manifest.csv");
            _ = Encoder;
            return photographs.Value;
        }
    }

    public Encoded Encode(byte[] picture)
    {
        var detected = Encoder.Detect(picture, CancellationToken.None).Value;
        var largest = detected.Faces.Count == 0 ? null : Encoder.Embed([detected.Faces[0].Chip])[0];
        return new Encoded(detected, largest);
    }

    private FrozenDictionary<string, Encoded> EncodeAll()
    {
        var encoded = new ConcurrentDictionary<string, Encoded>();
        var paths = MobileEngine.Rows("manifest.csv").Select(row => row[0])
            .Where(path => !path.StartsWith("chips/", StringComparison.Ordinal));
        Parallel.ForEach(paths, path => encoded[path] = Encode(File.ReadAllBytes(SharedData.Face(path))));
        return encoded.ToFrozenDictionary();
    }
}

/// <param name="Largest">The embedding of the largest face; null without a face.</param>
internal sealed record Encoded(DetectedPicture Picture, Embedding? Largest);
