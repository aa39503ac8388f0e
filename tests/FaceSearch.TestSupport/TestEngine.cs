using FaceSearch.Application.Abstractions;
using FaceSearch.Infrastructure.FaceEngine;
using FaceSearch.Infrastructure.FaceEngine.Imaging;
using FaceSearch.Infrastructure.FaceEngine.Imaging.Metadata;
using NUnit.Framework;

namespace FaceSearch.TestSupport;

/// <summary>The real face engine with an available profile, for tests of behaviour. Thread-safe.</summary>
public static class TestEngine
{
    /// <summary>Those that <c>auto</c> chooses from, the best first.</summary>
    public static IReadOnlyList<string> Profiles { get; } =
        [.. EngineProfile.Candidates(EngineProfile.Auto, new DlibOptions()).Select(profile => profile.Name).Distinct()];

    private static readonly Lazy<EngineProfile?> Best = new(() => Profiles.Select(Find).FirstOrDefault(profile => profile is not null));
    private static readonly Lazy<IFaceEncoder> LazyEncoder = new(() => Open(Best.Value!));

    /// <summary>The profiles whose files are available.</summary>
    public static IEnumerable<string> Available => Profiles.Where(name => Find(name) is not null);

    /// <summary>The available profiles; all when there is none, so that their tests are seen as skipped.</summary>
    public static IEnumerable<string> Tested => Available.Any() ? Available : Profiles;

    /// <summary>The first available profile; skips the test when there is none.</summary>
    public static string Profile => Require().Name;

    /// <summary>The server's reader of EXIF.</summary>
    public static IImageMetadataReader Metadata { get; } = new ImageMetadataReader();

    /// <summary>Of <see cref="Profile"/>.</summary>
    public static IFaceEncoder Encoder
    {
        get
        {
            Require();
            return LazyEncoder.Value;
        }
    }

    /// <summary>
    /// Settings of a server: it finds the files where the tests found them and looks nowhere else. Skips the test when
    /// they can't be had.
    /// </summary>
    /// <param name="profile">A profile by its name; null for the best.</param>
    public static IReadOnlyDictionary<string, string> Settings(string? profile = null) => new Dictionary<string, string>
    {
        ["Engine:Profile"] = (profile is null ? Require() : Require(profile)).Name,
        ["Models:Directory"] = TestModels.Directory,
        ["Models:Mirrors:0"] = TestModels.Mirror,
        ["Models:Download"] = "false",
    };

    /// <summary>The engine of a profile; skips the test when its files can't be had.</summary>
    public static IFaceEncoder Open(string profile) => Open(Require(profile));

    /// <summary>The engine of the best profile whose files can be had.</summary>
    public static IFaceEncoder OpenBest() => Open(Require());

    private static IFaceEncoder Open(EngineProfile profile) =>
        profile.Build(TestModels.Find(profile.Files)!, new ImageDecoder(40_000_000));

    private static EngineProfile Require()
    {
        if (Best.Value is null)
            Assert.Ignore($"Needs the model files of a profile ({string.Join(", ", Profiles)}), which can't be fetched here: put them into dlib-models.");

        return Best.Value!;
    }

    private static EngineProfile Require(string name)
    {
        var profile = Find(name);
        if (profile is null)
            Assert.Ignore($"Needs the model files of profile {name}, which can't be fetched here: put them into dlib-models.");

        return profile!;
    }

    private static EngineProfile? Find(string name) =>
        EngineProfile.Candidates(name, new DlibOptions()).FirstOrDefault(profile => TestModels.Find(profile.Files) is not null);
}
