using FaceSearch.Application.Abstractions;
using FaceSearch.Domain.Quality;
using FaceSearch.TestSupport;
using SkiaSharp;

namespace FaceSearch.Infrastructure.Tests.FaceEngine.Quality;

/// <summary>Quality values change with the changes of a picture of a drawn person.</summary>
public sealed class MeasuredQualityTests
{
    private static readonly SKSamplingOptions Smooth = new(SKFilterMode.Linear, SKMipmapMode.Linear);
    private static readonly byte[] Portrait = new DrawnPerson(0).Picture(size: 250);
    private static readonly Lazy<DetectedFace> LazyOriginal = new(() => FaceOf((canvas, bitmap) => canvas.DrawBitmap(bitmap, 0, 0, Smooth)));

    private static DetectedFace Original => LazyOriginal.Value;

    [TestCase(1)]
    [TestCase(2)]
    [TestCase(4)]
    public void Sharpness_BlurredPicture_Falls(float sigma)
    {
        var blurred = FaceOf((canvas, bitmap) =>
        {
            using var blur = SKImageFilter.CreateBlur(sigma, sigma);
            using var paint = new SKPaint { ImageFilter = blur };
            canvas.DrawBitmap(bitmap, 0, 0, Smooth, paint);
        });

        Assert.That(blurred.Quality.Sharpness, Is.LessThan(Original.Quality.Sharpness / (1 + sigma)));
        if (sigma >= 4)
            Assert.That(Judge(blurred, QualityLevel.Low), Is.EqualTo(new[] { RefusalReason.LowSharpness }));
    }

    [TestCase(0.2f)]
    [TestCase(0.5f)]
    [TestCase(1.2f)]
    public void Brightness_DimmedPicture_FollowsTheFactor(float factor)
    {
        var dimmed = FaceOf((canvas, bitmap) =>
        {
            using var dim = SKColorFilter.CreateColorMatrix(
                [factor, 0, 0, 0, 0, 0, factor, 0, 0, 0, 0, 0, factor, 0, 0, 0, 0, 0, 1, 0]);
            using var paint = new SKPaint { ColorFilter = dim };
            canvas.DrawBitmap(bitmap, 0, 0, Smooth, paint);
        });

        Assert.That(
            dimmed.Quality.Brightness, Is.EqualTo(Original.Quality.Brightness * factor).Within(6));
    }

    // Positive is clockwise as the viewer sees it. YuNet's landmarks turn by half the angle of a drawing, and by the full
    // angle of a photograph.
    [TestCase(-40)]
    [TestCase(-20)]
    [TestCase(20)]
    [TestCase(40)]
    public void Roll_TurnedPicture_TurnsTheSameWay(float degrees)
    {
        var turned = FaceOf((canvas, bitmap) =>
        {
            canvas.RotateDegrees(degrees, bitmap.Width / 2f, bitmap.Height / 2f);
            canvas.DrawBitmap(bitmap, 0, 0, Smooth);
        });

        Assert.That((turned.Quality.Roll - Original.Quality.Roll) / degrees, Is.InRange(0.3, 1.2));
    }

    private static IReadOnlyList<RefusalReason> Judge(DetectedFace face, QualityLevel level) =>
        TestEngine.Encoder.Traits.Quality.Judge(level, face.Box.LongerSide, face.Score, face.Quality);

    private static DetectedFace FaceOf(Action<SKCanvas, SKBitmap> draw)
    {
        using var bitmap = SKBitmap.Decode(Portrait);
        using var redrawn = new SKBitmap(bitmap.Width, bitmap.Height);
        using var canvas = new SKCanvas(redrawn);
        draw(canvas, bitmap);
        using var data = redrawn.Encode(SKEncodedImageFormat.Png, 100);
        return TestEngine.Encoder.Detect(data.ToArray(), CancellationToken.None).Value.Faces[0];
    }
}
