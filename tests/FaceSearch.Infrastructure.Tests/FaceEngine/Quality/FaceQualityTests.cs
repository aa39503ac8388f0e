using FaceSearch.Application.Abstractions;
using FaceSearch.Infrastructure.FaceEngine.Alignment;
using FaceSearch.Infrastructure.FaceEngine.Detection;
using FaceSearch.Infrastructure.FaceEngine.Landmarks;
using FaceSearch.Infrastructure.Tests.FaceEngine.Dlib;
using FaceSearch.TestSupport;
using SkiaSharp;

namespace FaceSearch.Infrastructure.Tests.FaceEngine.Quality;

/// <summary>Quality values of real photographs.</summary>
public sealed class FaceQualityTests
{
    private const string Portrait = "lfw/Ashanti/Ashanti_0001.jpg";
    private const string TurnedToTheRight = "lfw/Arminio_Fraga/Arminio_Fraga_0001.jpg";

    private static readonly SKSamplingOptions Smooth = new(SKFilterMode.Linear, SKMipmapMode.Linear);

    // Positive is clockwise as the viewer sees it; a turned canvas turns the face with it.
    [TestCaseSource(nameof(Turns))]
    public void Roll_TurnedPhotograph_FollowsTheAngle(float degrees)
    {
        var turned = FaceOf(Portrait, (canvas, bitmap) =>
        {
            canvas.RotateDegrees(degrees, bitmap.Width / 2f, bitmap.Height / 2f);
            canvas.DrawBitmap(bitmap, 0, 0, Smooth);
        });

        var before = Original(Portrait).Quality;
        Assert.That(turned.Quality.Roll - before.Roll, Is.EqualTo(degrees).Within(4));
        Assert.That(turned.Quality.Yaw, Is.EqualTo(before.Yaw).Within(6));
    }

    private static IEnumerable<TestCaseData> Turns() => SharedData.CasesOfFaces([-40f], [-20f], [20f], [40f]);

    [Test]
    public void Yaw_MirroredPhotograph_ChangesItsSign()
    {
        var mirrored = FaceOf(TurnedToTheRight, (canvas, bitmap) =>
        {
            canvas.Scale(-1, 1, bitmap.Width / 2f, 0);
            canvas.DrawBitmap(bitmap, 0, 0, Smooth);
        });

        var before = Original(TurnedToTheRight).Quality;
        Assert.That(before.Yaw, Is.GreaterThan(30));
        Assert.That(mirrored.Quality.Yaw, Is.EqualTo(-before.Yaw).Within(6));
    }

    // Checked by eye: two heads are lowered, two raised. The landmarks change little, but in the right direction.
    [Test]
    public void Pitch_RaisedHeads_AreAboveLoweredOnes()
    {
        string[] lowered = ["lfw/Kjell_Magne_Bondevik/Kjell_Magne_Bondevik_0001.jpg", "lfw/Tony_Shalhoub/Tony_Shalhoub_0003.jpg"];
        string[] raised = ["lfw/Sheila_Copps/Sheila_Copps_0002.jpg", "lfw/Fernando_Gonzalez/Fernando_Gonzalez_0003.jpg"];

        Assert.That(lowered.Max(path => Original(path).Quality.Pitch), Is.LessThan(-10));
        Assert.That(raised.Min(path => Original(path).Quality.Pitch), Is.GreaterThan(5));
    }

    // Another chip, at another scale: the same thresholds must hold for it.
    [Test]
    public void Measure_DlibsChip_AgreesWithArcFaces()
    {
        var aligner = new DlibFaceAligner(ShapePredictorReader.Read(File.ReadAllBytes(SharedData.Model(DlibFiles.TestLandmarks))));
        var detector = DlibFiles.OpenMmod(DlibFiles.Mmod, new MmodSettings());
        foreach (var path in DlibFiles.Portraits(12))
        {
            using var image = DlibFiles.Decode(path);
            var dlib = aligner.Measure(aligner.Align(image, detector.Detect(image).MaxBy(face => face.Box.Area)));
            var arcFace = MobileEngine.Encode(File.ReadAllBytes(path)).Picture.Faces[0].Quality;

            Assert.That(dlib.Sharpness / arcFace.Sharpness, Is.InRange(0.6, 1.2), path);
            Assert.That(dlib.Brightness, Is.EqualTo(arcFace.Brightness).Within(8), path);
            Assert.That(dlib.Yaw, Is.EqualTo(arcFace.Yaw).Within(15), path);
            Assert.That(dlib.Roll, Is.EqualTo(arcFace.Roll).Within(8), path);
        }
    }

    private static DetectedFace Original(string path) => MobileEngine.Photographs[path].Picture.Faces[0];

    private static DetectedFace FaceOf(string path, Action<SKCanvas, SKBitmap> draw) =>
        MobileEngine.Encode(Redraw(path, draw)).Picture.Faces[0];

    private static byte[] Redraw(string path, Action<SKCanvas, SKBitmap> draw)
    {
        using var bitmap = SKBitmap.Decode(SharedData.Face(path));
        using var redrawn = new SKBitmap(bitmap.Width, bitmap.Height);
        using var canvas = new SKCanvas(redrawn);
        draw(canvas, bitmap);
        using var data = redrawn.Encode(SKEncodedImageFormat.Png, 100);
        return data.ToArray();
    }
}
