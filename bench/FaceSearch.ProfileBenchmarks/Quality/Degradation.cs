using FaceSearch.Domain.Faces;
using SkiaSharp;

namespace FaceSearch.ProfileBenchmarks.Quality;

/// <summary>
/// A change of a picture that takes away what tells people apart. The same picture gives the same pixels. The caller
/// disposes the result. Lengths are pixels of the picture; a face of Labeled Faces in the Wild is about 110 high.
/// </summary>
/// <param name="Apply">Takes the picture and the box of its face.</param>
internal sealed record Degradation(string Name, Func<SKBitmap, BoundingBox, SKBitmap> Apply)
{
    private static readonly SKSamplingOptions Smooth = new(SKFilterMode.Linear, SKMipmapMode.Linear);
    private static readonly SKSamplingOptions Blocks = new(SKFilterMode.Nearest);

    /// <summary>Each kind, weaker to stronger: at its weakest a profile may still recognise most faces.</summary>
    public static IReadOnlyList<Degradation> All { get; } =
    [
        new("blur 5", (picture, _) => Blurred(picture, 5)),
        new("blur 6", (picture, _) => Blurred(picture, 6)),
        new("blur 7", (picture, _) => Blurred(picture, 7)),
        new("dark 8%", (picture, _) => Darkened(picture, 0.08f)),
        new("dark 4%", (picture, _) => Darkened(picture, 0.04f)),
        new("dark 2%", (picture, _) => Darkened(picture, 0.02f)),
        new("tiny 32", (picture, face) => Enlarged(picture, face, 32, Smooth)),
        new("tiny 16", (picture, face) => Enlarged(picture, face, 16, Smooth)),
        new("tiny 10", (picture, face) => Enlarged(picture, face, 10, Smooth)),
        new("mosaic 16", (picture, face) => Enlarged(picture, face, 16, Blocks)),
        new("mosaic 12", (picture, face) => Enlarged(picture, face, 12, Blocks)),
        new("moved 30", (picture, _) => Moved(picture, 30)),
        new("noise 90", (picture, _) => Noisy(picture, 90)),
    ];

    /// <summary>Out of focus: a Gaussian blur.</summary>
    private static SKBitmap Blurred(SKBitmap picture, float sigma)
    {
        using var blur = SKImageFilter.CreateBlur(sigma, sigma, SKShaderTileMode.Clamp);
        return Drawn(picture, paint => paint.ImageFilter = blur);
    }

    /// <summary>Underexposed: every channel times <paramref name="share"/>.</summary>
    private static SKBitmap Darkened(SKBitmap picture, float share)
    {
        using var filter = SKColorFilter.CreateColorMatrix(
            [share, 0, 0, 0, 0, 0, share, 0, 0, 0, 0, 0, share, 0, 0, 0, 0, 0, 1, 0]);
        return Drawn(picture, paint => paint.ColorFilter = filter);
    }

    /// <summary>
    /// Taken from far away, or pixelated: the face's longer side is brought to a number of pixels, and the picture enlarged
    /// to its size again.
    /// </summary>
    private static SKBitmap Enlarged(SKBitmap picture, BoundingBox face, int pixels, SKSamplingOptions enlarge)
    {
        var scale = (double)pixels / face.LongerSide;
        var size = new SKSizeI(Math.Max(1, (int)Math.Round(picture.Width * scale)), Math.Max(1, (int)Math.Round(picture.Height * scale)));
        using var small = picture.Resize(size, Smooth);
        return small.Resize(new SKSizeI(picture.Width, picture.Height), enlarge);
    }

    /// <summary>A shaken camera: the mean of the picture moved sideways by 0 to <paramref name="length"/> pixels.</summary>
    private static SKBitmap Moved(SKBitmap picture, int length)
    {
        var kernel = new float[length + 1];
        Array.Fill(kernel, 1f / kernel.Length);
        using var filter = SKImageFilter.CreateMatrixConvolution(
            new SKSizeI(kernel.Length, 1), kernel, 1, 0, new SKPointI(length / 2, 0), SKShaderTileMode.Clamp, false);
        return Drawn(picture, paint => paint.ImageFilter = filter);
    }

    /// <summary>Taken in the dark: normally distributed noise on every channel, from a fixed seed.</summary>
    private static SKBitmap Noisy(SKBitmap picture, double deviation)
    {
        var random = new Random(1);
        var result = picture.Copy(SKColorType.Rgba8888);
        foreach (ref var value in result.GetPixelSpan())
        {
            var normal = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
            value = (byte)Math.Clamp(value + (normal * deviation), 0, 255);
        }

        return result;
    }

    private static SKBitmap Drawn(SKBitmap picture, Action<SKPaint> prepare)
    {
        var target = new SKBitmap(picture.Width, picture.Height, SKColorType.Rgba8888, SKAlphaType.Opaque);
        using var canvas = new SKCanvas(target);
        using var paint = new SKPaint();
        prepare(paint);
        canvas.DrawBitmap(picture, 0, 0, Smooth, paint);
        return target;
    }
}
