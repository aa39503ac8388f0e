using FaceSearch.Domain.Faces;
using FaceSearch.Infrastructure.FaceEngine.Detection;
using FaceSearch.Infrastructure.FaceEngine.Imaging;
using FaceSearch.Infrastructure.FaceEngine.Models;
using FaceSearch.Infrastructure.Tests.FaceEngine.Faceplugin;
using FaceSearch.TestSupport;

namespace FaceSearch.Infrastructure.Tests.FaceEngine.Detection;

public sealed class UltraFaceDetectorTests
{
    private static readonly ImageDecoder Decoder = new(40_000_000);
    private static readonly Lazy<UltraFaceNetwork> Network =
        new(() => new UltraFaceNetwork(OnnxSessionFactory.Open(SharedData.Model("fr_detect.onnx"), keepBuffers: true)));

    private static UltraFaceDetector Detector
    {
        get
        {
            SharedData.Model("fr_detect.onnx");
            return new UltraFaceDetector(Network.Value);
        }
    }

    // The picture is scaled so that its face has the height.
    [TestCaseSource(nameof(CasesOfDetectFaceOfHeight))]
    public void Detect_FaceOfHeight_IsFoundWhereItWas(int height, double share)
    {
        var detector = Detector;
        var paths = MobileEngine.Rows("manifest.csv").Select(row => row[0])
            .Where(path => path.StartsWith("lfw/", StringComparison.Ordinal)).Where((_, i) => i % (height > 128 ? 50 : 12) == 0).ToList();
        var found = 0;
        foreach (var path in paths)
        {
            var box = FacepluginEngine.Instance.Photographs[path].Picture.Faces[0].Box;
            using var image = Decoder.Decode(File.ReadAllBytes(SharedData.Face(path))).Value.Image;
            var scale = (double)height / box.Height;
            using var scaled = ImageScaler.Scale(image, (int)Math.Round(250 * scale), (int)Math.Round(250 * scale));
            var expected = new BoundingBox(Scale(box.X), Scale(box.Y), Scale(box.Width), Scale(box.Height));
            found += detector.Detect(scaled).Any(face => NonMaximumSuppression.Overlap(face.Box, expected) > 0.5) ? 1 : 0;

            int Scale(int value) => (int)Math.Round(value * scale);
        }

        TestContext.Out.WriteLine($"{height} pixels: {found} of {paths.Count}");
        Assert.That(found, Is.GreaterThanOrEqualTo(share * paths.Count));
    }

    [TestCase(1, 1)]
    [TestCase(1, 5000)]
    [TestCase(5000, 1)]
    [TestCase(31, 33)]
    [TestCase(2000, 40)]
    public void Detect_EmptyPictureOfAnyShape_FindsNothing(int width, int height)
    {
        using var image = new RgbImage(width, height);
        image.Pixels.Fill(128);

        Assert.That(Detector.Detect(image), Is.Empty);
    }

    private static IEnumerable<TestCaseData> CasesOfDetectFaceOfHeight() => SharedData.CasesOfFaces(
        [24, 0.95], [32, 1.0], [128, 1.0], [400, 1.0], [1600, 1.0]);
}
