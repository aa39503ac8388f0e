using FaceSearch.Domain.Faces;
using FaceSearch.TestSupport;
using SkiaSharp;

namespace FaceSearch.Infrastructure.Tests.FaceEngine.Faceplugin;

public sealed class SixtyEightPointFinderTests
{
    // Two independent networks agree on the eyes, the nose and the mouth, except for their different definitions of an
    // eye's centre and a corner of the mouth.
    [Test]
    public void Find_Portraits_AgreesWithYuNet()
    {
        var errors = new List<double>();
        foreach (var (path, encoded) in Portraits())
        {
            var expected = MobileEngine.Encode(File.ReadAllBytes(SharedData.Face(path))).Picture.Faces[0].Landmarks;
            errors.Add(Error(encoded.Picture.Faces[0].Landmarks, expected));
        }

        errors.Sort();
        TestContext.Out.WriteLine($"mean error over the eyes' distance: median {errors[errors.Count / 2]:p1}, largest {errors[^1]:p1}");
        Assert.That(errors[errors.Count / 2], Is.LessThanOrEqualTo(0.09));
        Assert.That(errors[^1], Is.LessThanOrEqualTo(0.2));
    }

    [TestCaseSource(nameof(CasesOfFindTurnedPortrait))]
    public void Find_TurnedPortrait_TurnsWithIt(float degrees)
    {
        foreach (var (path, encoded) in Portraits().Where((_, i) => i % 4 == 0))
        {
            var toTurned = SKMatrix.CreateRotationDegrees(degrees, 125, 125);
            var expected = new FaceLandmarks(
            [
                .. encoded.Picture.Faces[0].Landmarks.Points.Select(point => toTurned.MapPoint(point.X, point.Y))
                    .Select(point => new Landmark(point.X, point.Y)),
            ]);

            var turned = FacepluginEngine.Instance.Encode(Turned(path, toTurned)).Picture.Faces[0].Landmarks;

            Assert.That(Error(turned, expected), Is.LessThanOrEqualTo(0.12), path);
        }
    }

    private static IEnumerable<KeyValuePair<string, Encoded>> Portraits() => FacepluginEngine.Instance.Photographs
        .Where(photograph => photograph.Key.StartsWith("lfw/", StringComparison.Ordinal))
        .OrderBy(photograph => photograph.Key, StringComparer.Ordinal)
        .Where((_, i) => i % 12 == 0);

    private static double Error(FaceLandmarks found, FaceLandmarks expected)
    {
        var eyes = Distance(expected.Points[0], expected.Points[1]);
        return found.Points.Zip(expected.Points, Distance).Average() / eyes;
    }

    private static double Distance(Landmark a, Landmark b) => double.Hypot(a.X - b.X, a.Y - b.Y);

    private static byte[] Turned(string path, SKMatrix matrix)
    {
        using var bitmap = SKBitmap.Decode(SharedData.Face(path));
        using var turned = new SKBitmap(bitmap.Width, bitmap.Height);
        using var canvas = new SKCanvas(turned);
        canvas.SetMatrix(matrix);
        canvas.DrawBitmap(bitmap, 0, 0, new SKSamplingOptions(SKFilterMode.Linear, SKMipmapMode.Linear));
        using var data = turned.Encode(SKEncodedImageFormat.Png, 100);
        return data.ToArray();
    }

    private static IEnumerable<TestCaseData> CasesOfFindTurnedPortrait() => SharedData.CasesOfFaces(
        [-30f], [30f]);
}
