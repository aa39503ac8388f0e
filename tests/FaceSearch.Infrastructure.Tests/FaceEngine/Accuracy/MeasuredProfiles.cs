using FaceSearch.Infrastructure.Tests.FaceEngine.Faceplugin;
using FaceSearch.Infrastructure.Tests.FaceEngine.Mfn;
using FaceSearch.TestSupport;

namespace FaceSearch.Infrastructure.Tests.FaceEngine.Accuracy;

/// <summary>The profiles with ArcFace's alignment, measured on the same photographs.</summary>
internal static class MeasuredProfiles
{
    public static ProfilePhotographs Of(string profile) => profile switch
    {
        "mobile" => MobileEngine.Instance,
        "mfn" => MfnEngine.Instance,
        "faceplugin" => FacepluginEngine.Instance,
        _ => throw new ArgumentOutOfRangeException(nameof(profile), profile, null),
    };

    /// <summary>One case per profile; a single skipped case without photographs.</summary>
    public static IEnumerable<TestCaseData> All() => SharedData.CasesOfFaces(["mobile"], ["mfn"], ["faceplugin"]);
}
