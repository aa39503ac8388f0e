using FaceSearch.Application.Abstractions;
using FaceSearch.Domain.Quality;
using FaceSearch.TestSupport;
using SkiaSharp;

namespace FaceSearch.Infrastructure.Tests.FaceEngine.Accuracy;

/// <summary>Each profile's own values, checked on the photographs.</summary>
public sealed class ProfileTraitsTests
{
    [TestCaseSource(typeof(MeasuredProfiles), nameof(MeasuredProfiles.All))]
    public void Gate_LabeledFacesInTheWild_99PercentPassLow(string profile)
    {
        var faces = Lfw(profile).Select(photograph => photograph.Value.Picture.Faces[0]).ToList();

        foreach (var level in Enum.GetValues<QualityLevel>())
            TestContext.Out.WriteLine($"{level}: {faces.Count(face => Judge(profile, face, level) is [])} of {faces.Count} pass");
        Assert.That(faces, Has.Count.EqualTo(372));
        Assert.That(
            faces.Count(face => Judge(profile, face, QualityLevel.Low) is []) / (double)faces.Count, Is.GreaterThanOrEqualTo(0.99));
    }

    [TestCaseSource(nameof(BadPhotographs))]
    public void Gate_BadPhotograph_IsRefusedByLow(string profile, string path, RefusalReason reason) => Assert.That(
        Judge(profile, MeasuredProfiles.Of(profile).Photographs[path].Picture.Faces[0], QualityLevel.Low), Does.Contain(reason));

    // The same photograph is within the distance, another of the same person is not.
    [TestCaseSource(typeof(MeasuredProfiles), nameof(MeasuredProfiles.All))]
    public void NearDuplicateDistance_SamePhotographAgain_IsNearAndAnotherIsNot(string profile)
    {
        var engine = MeasuredProfiles.Of(profile);
        var near = engine.Encoder.Traits.NearDuplicateDistance;
        var lfw = Lfw(profile);
        var others = lfw.SelectMany((a, i) => lfw.Skip(i + 1)
            .TakeWhile(b => Path.GetDirectoryName(b.Key) == Path.GetDirectoryName(a.Key))
            .Select(b => a.Value.Largest!.DistanceTo(b.Value.Largest!))).ToList();
        var again = lfw.Where((_, i) => i % 10 == 0)
            .SelectMany(photograph => new[] { Halved(photograph.Key), Cropped(photograph.Key) }
                .Select(copy => engine.Encode(copy).Largest!.DistanceTo(photograph.Value.Largest!)))
            .ToList();

        TestContext.Out.WriteLine(
            $"within {near}: {again.Count(d => d <= near)} of {again.Count} copies, {others.Count(d => d <= near)} of {others.Count} other pictures");
        Assert.That(again.Count(distance => distance <= near) / (double)again.Count, Is.GreaterThanOrEqualTo(0.95));
        Assert.That(others.Count(distance => distance <= near) / (double)others.Count, Is.LessThanOrEqualTo(0.03));
    }

    private static IEnumerable<TestCaseData> BadPhotographs() => SharedData.CasesOfFaces(
        ["mobile", "odd/blurred.jpg", RefusalReason.LowSharpness],
        ["mobile", "odd/profile.jpeg", RefusalReason.ExtremePose],
        ["mobile", "odd/grey_png_profile.png", RefusalReason.ExtremePose],
        ["mobile", "odd/derived_48x48.jpg", RefusalReason.SmallBoundingBox],
        ["faceplugin", "odd/blurred.jpg", RefusalReason.LowSharpness],
        ["faceplugin", "odd/profile.jpeg", RefusalReason.ExtremePose],
        ["faceplugin", "odd/derived_48x48.jpg", RefusalReason.SmallBoundingBox]);

    private static List<KeyValuePair<string, Encoded>> Lfw(string profile) =>
    [
        .. MeasuredProfiles.Of(profile).Photographs
            .Where(photograph => photograph.Key.StartsWith("lfw/", StringComparison.Ordinal))
            .OrderBy(photograph => photograph.Key, StringComparer.Ordinal),
    ];

    private static IReadOnlyList<RefusalReason> Judge(string profile, DetectedFace face, QualityLevel level) =>
        MeasuredProfiles.Of(profile).Encoder.Traits.Quality.Judge(level, face.Box.LongerSide, face.Score, face.Quality);

    private static byte[] Halved(string path)
    {
        using var bitmap = SKBitmap.Decode(SharedData.Face(path));
        using var half = bitmap.Resize(
            new SKSizeI(bitmap.Width / 2, bitmap.Height / 2), new SKSamplingOptions(SKFilterMode.Linear, SKMipmapMode.Linear));
        using var data = half.Encode(SKEncodedImageFormat.Jpeg, 90);
        return data.ToArray();
    }

    private static byte[] Cropped(string path)
    {
        using var bitmap = SKBitmap.Decode(SharedData.Face(path));
        using var part = new SKBitmap();
        bitmap.ExtractSubset(part, new SKRectI(40, 30, 210, 220));
        using var data = part.Encode(SKEncodedImageFormat.Jpeg, 85);
        return data.ToArray();
    }
}
