using FaceSearch.TestSupport;
using SkiaSharp;

namespace FaceSearch.Infrastructure.Tests.FaceEngine;

public sealed class FaceEncoderTests
{
    [Test]
    public void Detect_Group_LargestFaceFirst()
    {
        var areas = MobileEngine.Photographs["group/ultra_11.jpg"].Picture.Faces.Select(face => face.Box.Area);

        Assert.That(areas, Is.Ordered.Descending);
    }

    [Test]
    public void Embed_Photographs_LengthIsOneHalf()
    {
        foreach (var (path, encoded) in MobileEngine.Photographs.Where(entry => entry.Value.Largest is not null))
            Assert.That(Math.Sqrt(encoded.Largest!.Values.ToArray().Sum(value => value * (double)value)), Is.EqualTo(0.5).Within(1e-5), path);
    }

    // Embeddings of one picture do not depend on what else runs, or in which batch they are made.
    [Test]
    public void Encode_ManyThreads_SameAnswer()
    {
        var encoder = MobileEngine.Encoder;
        var picture = File.ReadAllBytes(SharedData.Face("group/dlib_2007_007763.jpg"));
        var expected = encoder.Detect(picture, CancellationToken.None).Value;
        var embeddings = encoder.Embed([.. expected.Faces.Select(face => face.Chip)]);
        Assert.That(embeddings, Has.Count.EqualTo(7));

        Parallel.For(0, 16, i =>
        {
            var again = encoder.Detect(picture, CancellationToken.None).Value;
            var one = encoder.Embed([again.Faces[i % 7].Chip])[0];
            Assert.That(one.Values.ToArray(), Is.EqualTo(embeddings[i % 7].Values.ToArray()));
        });
    }

    // Eight times larger, the chip would alias if it were sampled at points.
    [TestCase(2)]
    [TestCase(4)]
    [TestCase(8)]
    public void Encode_SameFaceEnlarged_StaysNear(int factor)
    {
        var distances = MobileEngine.Rows("manifest.csv").Select(row => row[0])
            .Where(path => path.StartsWith("lfw/", StringComparison.Ordinal)).Where((_, i) => i % 50 == 0)
            .Select(path => MobileEngine.Encode(Enlarge(path, factor)).Largest!.DistanceTo(MobileEngine.Photographs[path].Largest!))
            .Order().ToList();

        TestContext.Out.WriteLine($"x{factor}: median {distances[distances.Count / 2]:f3}, largest {distances[^1]:f3}");
        Assert.That(distances[distances.Count / 2], Is.LessThanOrEqualTo(0.1));
        Assert.That(distances[^1], Is.LessThanOrEqualTo(0.25));
    }

    [Test]
    public void Detect_Cancelled_Throws()
    {
        var encoder = MobileEngine.Encoder;

        Assert.That(
            () => encoder.Detect(DrawnPicture.Quarters(SKEncodedImageFormat.Png), new CancellationToken(true)),
            Throws.InstanceOf<OperationCanceledException>());
    }

    [Test]
    public void Detect_NoPicture_IsAnErrorNotAnException() => Assert.That(
        MobileEngine.Encoder.Detect(new byte[] { 1, 2, 3 }, CancellationToken.None).Error?.Code, Is.EqualTo("not-a-picture"));

    private static byte[] Enlarge(string path, int factor)
    {
        using var bitmap = SKBitmap.Decode(SharedData.Face(path));
        using var large = bitmap.Resize(
            new SKSizeI(bitmap.Width * factor, bitmap.Height * factor), new SKSamplingOptions(SKCubicResampler.CatmullRom));
        using var data = large.Encode(SKEncodedImageFormat.Png, 100);
        return data.ToArray();
    }
}
