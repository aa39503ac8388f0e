using FaceSearch.Domain.Faces;
using FaceSearch.Infrastructure.FaceEngine.Detection;
using FaceSearch.Infrastructure.FaceEngine.Imaging;

namespace FaceSearch.Infrastructure.Tests.FaceEngine.Dlib;

public sealed class MmodFaceDetectorTests
{
    [TestCase(20_000)]
    [TestCase(60_000)]
    public void Detect_InBands_FindsWhatOneRunFinds(int bandPixels)
    {
        var whole = DlibFiles.OpenMmod(DlibFiles.Mmod, new MmodSettings());
        var banded = DlibFiles.OpenMmod(DlibFiles.Mmod, new MmodSettings { MaxBandPixels = bandPixels });
        foreach (var path in DlibFiles.Portraits(8))
        {
            using var picture = DlibFiles.Decode(path);
            var expected = whole.Detect(picture);
            var actual = banded.Detect(picture);
            Assert.That(actual.Select(face => face.Box), Is.EqualTo(expected.Select(face => face.Box)));
            Assert.That(actual.Select(face => face.Score), Is.EqualTo(expected.Select(face => face.Score)).Within(1e-5));
        }
    }

    [Test]
    public void Detect_FullSizeLeftOut_FindsTheLargeFacesNearby()
    {
        var whole = DlibFiles.OpenMmod(DlibFiles.Mmod, new MmodSettings { Upsample = 1 });
        var without = DlibFiles.OpenMmod(DlibFiles.Mmod, new MmodSettings { Upsample = 1, SkipFullSize = true });
        foreach (var path in DlibFiles.Portraits(8))
        {
            using var picture = DlibFiles.Decode(path);
            var expected = whole.Detect(picture).MaxBy(face => face.Box.Area);
            var actual = without.Detect(picture).MaxBy(face => face.Box.Area);
            Assert.That(Middle(actual.Box), Is.EqualTo(Middle(expected.Box)).Within(expected.Box.Width / 4));
        }
    }

    [Test]
    public void Detect_MorePixelsThanAllowed_FindsTheFaceInTheHalf()
    {
        using var picture = DlibFiles.Decode(DlibFiles.Portraits(1)[0]);
        using var large = ImagePyramid.Double(picture);
        var expected = DlibFiles.OpenMmod(DlibFiles.Mmod, new MmodSettings()).Detect(large).MaxBy(face => face.Box.Area).Box;

        var actual = DlibFiles.OpenMmod(DlibFiles.Mmod, new MmodSettings { MaxPixels = 100_000 }).Detect(large)
            .MaxBy(face => face.Box.Area).Box;

        Assert.That(Middle(actual), Is.EqualTo(Middle(expected)).Within(expected.Width / 8));
        Assert.That(actual.Width, Is.EqualTo(expected.Width).Within(expected.Width / 3));
    }

    [TestCase(1, 1)]
    [TestCase(1, 300)]
    [TestCase(300, 1)]
    [TestCase(6, 6)]
    [TestCase(5, 2000)]
    public void Detect_OddShape_FindsNothing(int width, int height)
    {
        using var picture = new RgbImage(width, height);
        picture.Pixels.Clear();

        Assert.That(DlibFiles.OpenMmod(DlibFiles.Mmod, new MmodSettings()).Detect(picture), Is.Empty);
        Assert.That(DlibFiles.OpenMmod(DlibFiles.Mmod, new MmodSettings { Upsample = 1 }).Detect(picture), Is.Empty);
        Assert.That(DlibFiles.OpenMmod(DlibFiles.Mmod, new MmodSettings { SkipFullSize = true }).Detect(picture), Is.Empty);
    }

    private static int Middle(in BoundingBox box) => box.X + (box.Width / 2);
}
