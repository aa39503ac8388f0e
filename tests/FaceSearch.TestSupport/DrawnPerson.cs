using FaceSearch.TestSupport.Drawn;
using SkiaSharp;

namespace FaceSearch.TestSupport;

/// <summary>
/// A drawn person. Detectors find the drawing's face, and embedders distinguish the people, so tests of behaviour need no
/// photograph. The same arguments give the same picture.
/// </summary>
/// <remarks>
/// The first fifty in three poses each: every detector finds every picture, and the nearest neighbour of each is the
/// same person. Distances with mobile: 0.06 to 0.31 within a person, 0.34 to 0.72 between two; with dlib: 0.07 to 0.29
/// and 0.29 to 0.84. All pass quality level low with mobile; with dlib's five points one in fourteen has an extreme pose.
/// </remarks>
/// <param name="seed">From 0; another seed is another person.</param>
public sealed class DrawnPerson(int seed)
{
    private const int DefaultSize = 400;

    /// <summary>The first of fifty seeds whose people no profile confuses.</summary>
    private const int FirstSeed = 300;

    public static IReadOnlyList<DrawnPerson> Take(int count) => [.. Enumerable.Range(0, count).Select(i => new DrawnPerson(i))];

    public string Name => $"Drawn {seed:D3}";

    /// <summary>A file name from which the server reads <see cref="Name"/> as the person.</summary>
    public string FileName(int number = 1) => $"Drawn_{seed:D3}_{number:D4}.jpg";

    /// <summary>A square JPEG with the person alone.</summary>
    /// <param name="pose">-1 to 1, from one side to the other; another pose is another picture of the person.</param>
    public byte[] Picture(double pose = 0, int size = DefaultSize) => Group(pose, (this, size));

    /// <summary>A JPEG of people side by side, each in a square of the given number of pixels.</summary>
    public static byte[] Group(double pose, params IReadOnlyList<(DrawnPerson Person, int Size)> people)
    {
        using var bitmap = new SKBitmap(
            people.Sum(place => place.Size), people.Max(place => place.Size), SKColorType.Rgba8888, SKAlphaType.Opaque);
        using (var canvas = new SKCanvas(bitmap))
        {
            canvas.Clear(new SKColor(138, 146, 152));
            var left = 0;
            foreach (var (person, size) in people)
            {
                person.Paint(canvas, SKRect.Create(left, 0, size, size), (float)pose);
                left += size;
            }
        }

        using var data = bitmap.Encode(SKEncodedImageFormat.Jpeg, 92);
        return data.ToArray();
    }

    private void Paint(SKCanvas canvas, SKRect square, float pose)
    {
        canvas.Save();
        canvas.ClipRect(square);
        var traits = new FaceTraits(new Random(FirstSeed + seed));
        var at = new FaceGeometry(square, traits, pose);
        var (head, features) = (new HeadPainter(canvas, at, traits), new FeaturePainter(canvas, at, traits));
        head.PaintBehindTheFeatures();
        features.PaintSkin();
        head.PaintBeard();
        features.PaintFeatures();
        head.PaintInFront();
        canvas.Restore();
    }
}
