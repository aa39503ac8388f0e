using FaceSearch.Application.Abstractions;
using FaceSearch.Domain.Faces;
using FaceSearch.TestSupport;
using SkiaSharp;

namespace FaceSearch.Infrastructure.Tests.FaceEngine;

public sealed class FaceEncoderTests
{
    private static readonly byte[] Group =
        DrawnPerson.Group(0, (new(0), 220), (new(1), 300), (new(2), 260), (new(3), 340));

    [Test]
    public void Detect_Group_LargestFaceFirst()
    {
        var areas = Detect(Group).Faces.Select(face => face.Box.Area).ToList();

        Assert.That(areas, Has.Count.EqualTo(4).And.Ordered.Descending);
    }

    // Embeddings of one picture do not depend on concurrent work or on the batch.
    [Test]
    public void Encode_ManyThreads_SameAnswer()
    {
        var encoder = TestEngine.Encoder;
        var embeddings = encoder.Embed([.. Detect(Group).Faces.Select(face => face.Chip)]);
        Assert.That(embeddings, Has.Count.EqualTo(4));

        Parallel.For(0, 16, i =>
        {
            var one = encoder.Embed([Detect(Group).Faces[i % 4].Chip])[0];
            Assert.That(one.Values.ToArray(), Is.EqualTo(embeddings[i % 4].Values.ToArray()));
        });
    }

    // Eight times larger, the chip would alias if it were sampled at points.
    [TestCaseSource(nameof(Factors))]
    public void Encode_SameFaceEnlarged_StaysNear(int factor)
    {
        var distances = MobileEngine.Rows("manifest.csv").Select(row => row[0])
            .Where(path => path.StartsWith("lfw/", StringComparison.Ordinal)).Where((_, i) => i % 50 == 0)
            .Select(path => MobileEngine.Encode(Enlarge(File.ReadAllBytes(SharedData.Face(path)), factor)).Largest!
                .DistanceTo(MobileEngine.Photographs[path].Largest!))
            .Order().ToList();

        TestContext.Out.WriteLine($"x{factor}: median {distances[distances.Count / 2]:f3}, largest {distances[^1]:f3}");
        Assert.That(distances[distances.Count / 2], Is.LessThanOrEqualTo(0.1));
        Assert.That(distances[^1], Is.LessThanOrEqualTo(0.25));
    }

    [TestCase(2)]
    [TestCase(4)]
    public void Encode_DrawnFaceEnlarged_IsTheSamePictureAgain(int factor)
    {
        foreach (var person in DrawnPerson.Take(3))
        {
            var picture = person.Picture(0.3, 200);
            Assert.That(Embed(Enlarge(picture, factor)).DistanceTo(Embed(picture)), Is.LessThanOrEqualTo(0.25), person.Name);
        }
    }

    private static IEnumerable<TestCaseData> Factors() => SharedData.CasesOfFaces([2], [4], [8]);

    [Test]
    public void Detect_Cancelled_Throws()
    {
        var encoder = TestEngine.Encoder;

        Assert.That(
            () => encoder.Detect(DrawnPicture.Quarters(SKEncodedImageFormat.Png), new CancellationToken(true)),
            Throws.InstanceOf<OperationCanceledException>());
    }

    [Test]
    public void Detect_NoPicture_IsAnErrorNotAnException() => Assert.That(
        TestEngine.Encoder.Detect(new byte[] { 1, 2, 3 }, CancellationToken.None).Error?.Code, Is.EqualTo("not-a-picture"));

    private static DetectedPicture Detect(byte[] picture) => TestEngine.Encoder.Detect(picture, CancellationToken.None).Value;

    private static Embedding Embed(byte[] picture) => TestEngine.Encoder.Embed([Detect(picture).Faces[0].Chip])[0];

    private static byte[] Enlarge(byte[] picture, int factor)
    {
        using var bitmap = SKBitmap.Decode(picture);
        using var large = bitmap.Resize(
            new SKSizeI(bitmap.Width * factor, bitmap.Height * factor), new SKSamplingOptions(SKCubicResampler.CatmullRom));
        using var data = large.Encode(SKEncodedImageFormat.Png, 100);
        return data.ToArray();
    }
}
