using FaceSearch.Application.Abstractions;
using FaceSearch.Domain.Faces;
using FaceSearch.ProfileBenchmarks.Quality;
using FaceSearch.TestSupport;
using SkiaSharp;

namespace FaceSearch.Infrastructure.Tests.FaceEngine.Recognisability;

/// <summary>
/// The bound of each available profile, on photographs of people whom no data was fitted on. Without photographs, the order
/// of clean and blurred drawings. docs/engine.md has the figures of many more faces.
/// </summary>
public sealed class UnrecognisableFacesTests
{
    private const int People = 40;

    /// <summary>UltraFace finds a third of the blurred faces, YuNet nearly all.</summary>
    private const int FoundBlurred = 10;

    private static readonly Degradation Blur = Degradation.All.Single(degradation => degradation.Name == "blur 7");

    /// <summary>No case without model files, so that nothing is seen as skipped that other tests name already.</summary>
    [TestCaseSource(typeof(TestEngine), nameof(TestEngine.Available))]
    public void Contains_CleanAndBlurredFaces_OnlyTheBlurred(string profile)
    {
        var encoder = TestEngine.Open(profile);
        var unrecognisable = encoder.Traits.Unrecognisable!;
        var clean = new List<float>();
        var blurred = new List<float>();
        foreach (var portrait in Portraits())
        {
            var face = Detect(encoder, portrait)!;
            clean.Add(unrecognisable.RecognisabilityOf(encoder.Embed([face.Chip])[0]));
            if (Detect(encoder, Degrade(portrait, face.Box)) is { } found)
                blurred.Add(unrecognisable.RecognisabilityOf(encoder.Embed([found.Chip])[0]));
        }

        TestContext.Out.WriteLine(
            $"{profile}: bound {unrecognisable.Bound}, clean {clean.Min():f3} to {clean.Max():f3}, {blurred.Count} blurred {blurred.Min():f3} to {blurred.Max():f3}");
        Assert.That(clean, Has.Count.EqualTo(People));
        Assert.That(blurred.Average(), Is.LessThan(clean.Average()));

        // The bounds are measured on photographs; some drawings are below them.
        if (!SharedData.HasFaces)
            return;

        Assert.That(clean.Count(distance => distance < unrecognisable.Bound), Is.LessThanOrEqualTo(1));
        Assert.That(blurred, Has.Count.GreaterThanOrEqualTo(FoundBlurred));
        Assert.That(blurred.Count(distance => distance < unrecognisable.Bound) / (double)blurred.Count, Is.GreaterThanOrEqualTo(0.95));
    }

    /// <summary>The fit's people have one picture each.</summary>
    private static IEnumerable<byte[]> Portraits() => SharedData.HasFaces
        ? Directory.GetDirectories(SharedData.Face("lfw")).Order(StringComparer.Ordinal)
            .Select(person => Directory.GetFiles(person, "*.jpg").Order(StringComparer.Ordinal).ToArray())
            .Where(pictures => pictures.Length > 1).Take(People).Select(pictures => File.ReadAllBytes(pictures[0]))
        : DrawnPerson.Take(People).Select(person => person.Picture(size: 250));

    private static byte[] Degrade(byte[] portrait, BoundingBox face)
    {
        using var picture = SKBitmap.Decode(portrait);
        using var degraded = Blur.Apply(picture, face);
        using var data = degraded.Encode(SKEncodedImageFormat.Png, 100);
        return data.ToArray();
    }

    private static DetectedFace? Detect(IFaceEncoder encoder, byte[] picture) =>
        encoder.Detect(picture, CancellationToken.None).Value.Faces is [var face, ..] ? face : null;
}
