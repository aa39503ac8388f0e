using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using FaceSearch.Application.Abstractions;
using FaceSearch.Domain.Faces;
using FaceSearch.Infrastructure.FaceEngine;
using FaceSearch.Infrastructure.FaceEngine.Imaging;
using FaceSearch.Infrastructure.VectorIndex.Gallery;

namespace FaceSearch.Benchmarks;

/// <summary>
/// The time of a search without HTTP: the index over a file of embeddings, probed with its first, and the engine on a
/// picture and the index for its faces. bench/http.sh subtracts these medians from those of whole requests.
/// </summary>
internal static class Alone
{
    private const int K = 5;
    private const float Tolerance = 0.6f;

    private static readonly TimeSpan Measured = TimeSpan.FromSeconds(5);

    public static async Task<int> RunAsync(string vectors, string picturePath, string models)
    {
        var index = Load(vectors, out var probe);
        var picture = await File.ReadAllBytesAsync(picturePath);
        var encoder = EngineProfile.Mobile.Build(
            EngineProfile.Mobile.Files.ToDictionary(file => file, file => Path.Combine(models, file)), new ImageDecoder(40_000_000));

        var ofIndex = await MeasureAsync(() => index.SearchAsync([probe], K, Tolerance));
        var ofBoth = await MeasureAsync(() =>
        {
            var detected = encoder.Detect(picture, CancellationToken.None).Value;
            return index.SearchAsync(encoder.Embed([.. detected.Faces.Select(face => face.Chip)]), K, Tolerance);
        });
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"alone faces={index.Count} index_p50_ms={ofIndex:f3} engine_and_index_p50_ms={ofBoth:f3}"));
        return 0;
    }

    private static FlatIndex Load(string vectors, out Embedding first)
    {
        var floats = MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(vectors));
        var faces = new GalleryFace[floats.Length / Embedding.StandardLength];
        for (var i = 0; i < faces.Length; i++)
            faces[i] = new GalleryFace(i + 1, new Embedding(floats.Slice(i * Embedding.StandardLength, Embedding.StandardLength)));

        var index = new FlatIndex();
        index.Add(faces);
        first = faces[0].Embedding;
        return index;
    }

    private static async Task<double> MeasureAsync<T>(Func<ValueTask<T>> search)
    {
        var until = Stopwatch.GetTimestamp() + (Stopwatch.Frequency * 2);
        while (Stopwatch.GetTimestamp() < until)
            await search();

        List<double> times = [];
        var started = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(started) < Measured)
        {
            var one = Stopwatch.GetTimestamp();
            await search();
            times.Add(Stopwatch.GetElapsedTime(one).TotalMilliseconds);
        }

        times.Sort();
        return times[times.Count / 2];
    }
}
