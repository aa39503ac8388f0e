using FaceSearch.Application.Abstractions;
using FaceSearch.Domain.Faces;
using FaceSearch.TestSupport;
using SkiaSharp;

namespace FaceSearch.Infrastructure.Tests.FaceEngine.Faceplugin;

/// <summary>Profile faceplugin on other people's photographs, by the largest face of each picture.</summary>
public sealed class FacepluginAccuracyTests
{
    private const double Tolerance = 0.6;

    [Test]
    public void Verification_Pairs_AtLeast99PercentRight()
    {
        var pairs = MobileEngine.Rows("pairs.csv")
            .Select(row => (Distance: Largest(row[0]).DistanceTo(Largest(row[1])), Same: row[2] == "1"))
            .ToList();

        foreach (var tolerance in new[] { 0.5, 0.55, Tolerance, 0.65 })
            TestContext.Out.WriteLine($"tolerance {tolerance}: {Right(pairs, tolerance)} of {pairs.Count} pairs right");
        Assert.That(pairs, Has.Count.EqualTo(600));
        Assert.That(Right(pairs, Tolerance) / (double)pairs.Count, Is.GreaterThanOrEqualTo(0.99));
    }

    [Test]
    public void Identification_FirstPictureEnrolled_NearestIsRightIn99Percent()
    {
        var people = MobileEngine.Rows("manifest.csv")
            .Where(row => row[0].StartsWith("lfw/", StringComparison.Ordinal) || row[0].StartsWith("deepface/", StringComparison.Ordinal))
            .GroupBy(row => row[1], row => Largest(row[0]))
            .Select(person => (Name: person.Key, Pictures: person.ToArray()))
            .ToList();
        var searches = people.SelectMany(person => person.Pictures.Skip(1).Select(probe => (person.Name, Probe: probe))).ToList();

        var right = searches.Count(search =>
        {
            var nearest = people.MinBy(person => person.Pictures[0].DistanceTo(search.Probe));
            return nearest.Name == search.Name && nearest.Pictures[0].DistanceTo(search.Probe) <= Tolerance;
        });

        TestContext.Out.WriteLine($"{right} of {searches.Count} searches right, {people.Count} people enrolled");
        Assert.That(searches, Has.Count.EqualTo(230));
        Assert.That(right / (double)searches.Count, Is.GreaterThanOrEqualTo(0.99));
    }

    [Test]
    public void Embedding_EightExifOrientations_WithinATenth()
    {
        Embedding[] orientations =
        [
            Largest("lfw/Luke_Walton/Luke_Walton_0002.jpg"),
            .. Enumerable.Range(2, 7).Select(value => Largest($"odd/derived_exif_{value}.jpg")),
        ];

        var largest = orientations.Max(a => orientations.Max(b => a.DistanceTo(b)));

        TestContext.Out.WriteLine($"largest distance {largest:f3}");
        Assert.That(largest, Is.LessThanOrEqualTo(0.1));
    }

    [Test]
    public void Embedding_Photographs_LengthIsOneHalf()
    {
        foreach (var (path, encoded) in FacepluginEngine.Instance.Photographs.Where(entry => entry.Value.Largest is not null))
            Assert.That(Math.Sqrt(encoded.Largest!.Values.ToArray().Sum(value => value * (double)value)), Is.EqualTo(0.5).Within(1e-5), path);
    }

    [Test]
    public void Gate_LabeledFacesInTheWild_99PercentPassLow()
    {
        var faces = Lfw().Select(photograph => photograph.Value.Picture.Faces[0]).ToList();

        foreach (var level in Enum.GetValues<QualityLevel>())
            TestContext.Out.WriteLine($"{level}: {faces.Count(face => Judge(face, level) is [])} of {faces.Count} pass");
        Assert.That(faces, Has.Count.EqualTo(372));
        Assert.That(
            faces.Count(face => Judge(face, QualityLevel.Low) is []) / (double)faces.Count, Is.GreaterThanOrEqualTo(0.99));
    }

    [TestCaseSource(nameof(CasesOfGateBadPhotograph))]
    public void Gate_BadPhotograph_IsRefusedByLow(string path, RefusalReason reason) => Assert.That(
        Judge(FacepluginEngine.Instance.Photographs[path].Picture.Faces[0], QualityLevel.Low), Does.Contain(reason));

    [Test]
    public void NearDuplicateDistance_SamePhotographAgain_IsNearAndAnotherIsNot()
    {
        var near = FacepluginEngine.Instance.Encoder.Traits.NearDuplicateDistance;
        var lfw = Lfw();
        var others = lfw.SelectMany((a, i) => lfw.Skip(i + 1)
            .TakeWhile(b => Path.GetDirectoryName(b.Key) == Path.GetDirectoryName(a.Key))
            .Select(b => a.Value.Largest!.DistanceTo(b.Value.Largest!))).ToList();
        var again = lfw.Where((_, i) => i % 10 == 0)
            .SelectMany(photograph => new[] { Halved(photograph.Key), Cropped(photograph.Key) }
                .Select(copy => FacepluginEngine.Instance.Encode(copy).Largest!.DistanceTo(photograph.Value.Largest!)))
            .ToList();

        TestContext.Out.WriteLine(
            $"within {near}: {again.Count(d => d <= near)} of {again.Count} copies, {others.Count(d => d <= near)} of {others.Count} other pictures");
        Assert.That(again.Count(distance => distance <= near) / (double)again.Count, Is.GreaterThanOrEqualTo(0.95));
        Assert.That(others.Count(distance => distance <= near) / (double)others.Count, Is.LessThanOrEqualTo(0.03));
    }

    private static Embedding Largest(string path) => FacepluginEngine.Instance.Photographs[path].Largest!;

    private static List<KeyValuePair<string, Encoded>> Lfw() =>
    [
        .. FacepluginEngine.Instance.Photographs
            .Where(photograph => photograph.Key.StartsWith("lfw/", StringComparison.Ordinal))
            .OrderBy(photograph => photograph.Key, StringComparer.Ordinal),
    ];

    private static int Right(List<(double Distance, bool Same)> pairs, double tolerance) =>
        pairs.Count(pair => pair.Distance <= tolerance == pair.Same);

    private static IReadOnlyList<RefusalReason> Judge(DetectedFace face, QualityLevel level) =>
        FacepluginEngine.Instance.Encoder.Traits.Quality.Judge(level, face.Box, face.Score, face.Quality);

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

    private static IEnumerable<TestCaseData> CasesOfGateBadPhotograph() => SharedData.CasesOfFaces(
        ["odd/blurred.jpg", RefusalReason.LowSharpness], ["odd/profile.jpeg", RefusalReason.ExtremePose], ["odd/derived_48x48.jpg", RefusalReason.SmallBoundingBox]);
}
