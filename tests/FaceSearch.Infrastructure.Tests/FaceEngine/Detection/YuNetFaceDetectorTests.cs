using FaceSearch.Domain.Faces;
using FaceSearch.Infrastructure.FaceEngine.Detection;
using FaceSearch.Infrastructure.FaceEngine.Imaging;
using FaceSearch.Infrastructure.FaceEngine.Models;
using FaceSearch.TestSupport;

namespace FaceSearch.Infrastructure.Tests.FaceEngine.Detection;

public sealed class YuNetFaceDetectorTests
{
    private static readonly ImageDecoder Decoder = new(40_000_000);
    private static readonly Lazy<YuNetNetwork> Network =
        new(() => new YuNetNetwork(OnnxSessionFactory.Open(SharedData.Model("yunet_n_dynamic.onnx"), keepBuffers: false)));

    private static YuNetFaceDetector Detector
    {
        get
        {
            SharedData.Model("yunet_n_dynamic.onnx");
            return new YuNetFaceDetector(Network.Value);
        }
    }

    // A 16x16 picture has a face of 8 pixels, below the range. Every detector finds drawn faces.
    [Test]
    public void Detect_OddPictures_FindsWhatIsThere()
    {
        string[] beyond = ["odd/derived_16x16.jpg", "odd/cartoon.jpg"];
        foreach (var row in MobileEngine.Rows("odd.csv").Where(row => !beyond.Contains(row[0])))
        {
            var faces = MobileEngine.Photographs[row[0]].Picture.Faces;
            Assert.That(faces.Count > 0, Is.EqualTo(row[^2] != "0"), row[0]);
        }
    }

    // The picture is scaled so that its face has the height; the range of the detector's docstring.
    [TestCaseSource(nameof(Heights))]
    public void Detect_FaceOfHeight_IsFoundWhereItWas(int height, double share)
    {
        var detector = Detector;
        var paths = MobileEngine.Rows("manifest.csv").Select(row => row[0])
            .Where(path => path.StartsWith("lfw/", StringComparison.Ordinal)).Where((_, i) => i % (height > 400 ? 50 : 12) == 0).ToList();
        var found = 0;
        foreach (var path in paths)
        {
            var box = MobileEngine.Photographs[path].Picture.Faces[0].Box;
            using var image = Load(path);
            var scale = (double)height / box.Height;
            using var scaled = ImageScaler.Scale(image, (int)Math.Round(250 * scale), (int)Math.Round(250 * scale));
            var expected = new BoundingBox(Scale(box.X), Scale(box.Y), Scale(box.Width), Scale(box.Height));
            found += detector.Detect(scaled).Any(face => NonMaximumSuppression.Overlap(face.Box, expected) > 0.5) ? 1 : 0;

            int Scale(int value) => (int)Math.Round(value * scale);
        }

        TestContext.Out.WriteLine($"{height} pixels: {found} of {paths.Count}");
        Assert.That(found, Is.GreaterThanOrEqualTo(share * paths.Count));
    }

    [TestCaseSource(nameof(Sides))]
    public void Detect_FaceFillsThePicture_IsFound(int side)
    {
        var detector = Detector;
        foreach (var path in MobileEngine.Rows("manifest.csv").Select(row => row[0])
            .Where(path => path.StartsWith("lfw/", StringComparison.Ordinal)).Where((_, i) => i % 60 == 0))
        {
            using var image = Load(path);
            using var crop = Crop(image, MobileEngine.Photographs[path].Picture.Faces[0].Box);
            using var scaled = ImageScaler.Scale(crop, side, side);
            Assert.That(detector.Detect(scaled), Is.Not.Empty, path);
        }
    }

    // It covers the larger face's chin, so a second look sees both.
    [Test, Category("Fault-F6")]
    public void Detect_SmallFaceInFrontOfALargerOne_IsFoundToo()
    {
        using var large = Decoder.Decode(new DrawnPerson(0).Picture(0, 1200)).Value.Image;
        using var small = Decoder.Decode(new DrawnPerson(1).Picture(0, 240)).Value.Image;
        for (var y = 0; y < small.Height; y++)
            small.Pixels.Slice(y * small.Width * 3, small.Width * 3).CopyTo(large.Pixels[((((y + 720) * large.Width) + 480) * 3)..]);

        var boxes = Detector.Detect(large).Select(face => face.Box).OrderByDescending(box => box.Area).ToList();

        Assert.That(boxes, Has.Count.EqualTo(2));
        Assert.That(NonMaximumSuppression.Covered(boxes[0], boxes[1]), Is.GreaterThan(0.7));
    }

    [Test]
    public void Detect_EmptyPictureOfAnyShape_FindsNothing()
    {
        foreach (var (width, height) in new[] { (1, 1), (1, 5000), (5000, 1), (31, 33), (2000, 40) })
        {
            using var image = new RgbImage(width, height);
            image.Pixels.Fill(128);
            Assert.That(Detector.Detect(image), Is.Empty, $"{width} x {height}");
        }
    }

    private static IEnumerable<TestCaseData> Heights() => SharedData.CasesOfFaces(
        [20, 0.9], [24, 0.95], [48, 1.0], [128, 1.0], [400, 1.0], [800, 1.0], [1600, 1.0]);

    private static IEnumerable<TestCaseData> Sides() => SharedData.CasesOfFaces([100], [250], [640], [1400], [3000]);

    private static RgbImage Load(string path) => Decoder.Decode(File.ReadAllBytes(SharedData.Face(path))).Value.Image;

    /// <summary>A square as high as the face.</summary>
    private static RgbImage Crop(RgbImage image, BoundingBox box)
    {
        var side = Math.Min(250, Math.Max(box.Width, box.Height));
        var left = Math.Clamp(box.X + ((box.Width - side) / 2), 0, 250 - side);
        var top = Math.Clamp(box.Y, 0, 250 - side);
        var crop = new RgbImage(side, side);
        for (var y = 0; y < side; y++)
            image.Pixels.Slice((((top + y) * 250) + left) * 3, side * 3).CopyTo(crop.Pixels[(y * side * 3)..]);
        return crop;
    }
}
