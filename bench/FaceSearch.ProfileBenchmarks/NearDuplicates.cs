using FaceSearch.Application.Abstractions;
using FaceSearch.Domain.Faces;
using SkiaSharp;

namespace FaceSearch.ProfileBenchmarks;

/// <summary>
/// The distances of changed photographs from their originals, of other pictures of the same person, and of strangers. A
/// profile's near-duplicate distance is chosen from them.
/// </summary>
internal static class NearDuplicates
{
    /// <summary>The step between the pictures that are changed.</summary>
    private const int Step = 3;

    private static readonly SKSamplingOptions Smooth = new(SKFilterMode.Linear, SKMipmapMode.Linear);

    private static readonly (string Name, Func<SKBitmap, byte[]> Change)[] Changes =
    [
        ("halved", bitmap => Scaled(bitmap, 2)),
        ("a third of the size", bitmap => Scaled(bitmap, 3)),
        ("JPEG quality 30", bitmap => Encoded(bitmap, SKEncodedImageFormat.Jpeg, 30)),
        ("cropped by a tenth on each side", bitmap => Drawn(bitmap, bitmap.Width * 8 / 10, (canvas, _) => canvas.Translate(-bitmap.Width / 10, -bitmap.Height / 10))),
        ("mirrored", bitmap => Drawn(bitmap, bitmap.Width, (canvas, _) => canvas.Scale(-1, 1, bitmap.Width / 2f, 0))),
        ("30% brighter", bitmap => Drawn(bitmap, bitmap.Width, (_, paint) => paint.ColorFilter = SKColorFilter.CreateColorMatrix(
            [1.3f, 0, 0, 0, 0, 0, 1.3f, 0, 0, 0, 0, 0, 1.3f, 0, 0, 0, 0, 0, 1, 0]))),
    ];

    public static async Task RunAsync(string folder, Profiles profiles, string[] names)
    {
        var pictures = Directory.GetFiles(folder, "*.jpg", SearchOption.AllDirectories).Order(StringComparer.Ordinal).ToArray();
        foreach (var name in names)
        {
            if (await profiles.OpenAsync(name) is not { } encoder)
                continue;

            var originals = MainFaces.Embed(encoder, "", pictures);
            foreach (var (change, make) in Changes)
                Report(name, change, Changed(encoder, originals, [.. pictures.Where((_, i) => i % Step == 0)], make));

            var others = originals.Keys.SelectMany(a => originals.Keys
                .Where(b => string.CompareOrdinal(a, b) < 0)
                .Select(b => (Same: Path.GetDirectoryName(a) == Path.GetDirectoryName(b), Distance: originals[a].DistanceTo(originals[b]))))
                .ToLookup(pair => pair.Same, pair => pair.Distance);
            Report(name, "another picture of the same person", others[true]);
            Report(name, "a stranger", others[false]);
        }
    }

    private static IEnumerable<double> Changed(
        IFaceEncoder encoder, IReadOnlyDictionary<string, Embedding> originals, string[] pictures, Func<SKBitmap, byte[]> change)
    {
        var options = new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount };
        var distances = new double[pictures.Length];
        Parallel.For(0, pictures.Length, options, i =>
        {
            using var bitmap = SKBitmap.Decode(pictures[i]);
            distances[i] = originals.TryGetValue(pictures[i], out var original)
                && MainFaces.Embed(encoder, change(bitmap)) is { } embedding ? original.DistanceTo(embedding) : double.NaN;
        });
        return distances.Where(double.IsFinite);
    }

    private static void Report(string profile, string change, IEnumerable<double> distances)
    {
        var sorted = distances.Order().ToArray();
        string[] within = [.. new[] { 0.2, 0.225, 0.25, 0.275, 0.3 }.Select(bound =>
            FormattableString.Invariant($"{bound}: {sorted.Count(distance => distance <= bound)}"))];
        Console.WriteLine(FormattableString.Invariant(
            $"{profile}: {change}: median {sorted[sorted.Length / 2]:f3}, 95% {sorted[(int)(0.95 * sorted.Length)]:f3}, least {sorted[0]:f3}, most {sorted[^1]:f3}; of {sorted.Length} within {string.Join(", ", within)}"));
    }

    private static byte[] Scaled(SKBitmap bitmap, int by)
    {
        using var small = bitmap.Resize(new SKSizeI(bitmap.Width / by, bitmap.Height / by), Smooth);
        return Encoded(small, SKEncodedImageFormat.Png, 100);
    }

    private static byte[] Drawn(SKBitmap bitmap, int side, Action<SKCanvas, SKPaint> prepare)
    {
        using var target = new SKBitmap(side, bitmap.Height * side / bitmap.Width);
        using var canvas = new SKCanvas(target);
        using var paint = new SKPaint();
        prepare(canvas, paint);
        canvas.DrawBitmap(bitmap, 0, 0, Smooth, paint);
        return Encoded(target, SKEncodedImageFormat.Png, 100);
    }

    private static byte[] Encoded(SKBitmap bitmap, SKEncodedImageFormat format, int quality)
    {
        using var data = bitmap.Encode(format, quality);
        return data.ToArray();
    }
}
