using System.Diagnostics;
using System.Globalization;
using FaceSearch.Infrastructure.FaceEngine;
using FaceSearch.Infrastructure.FaceEngine.Alignment;
using FaceSearch.Infrastructure.FaceEngine.Detection;
using FaceSearch.Infrastructure.FaceEngine.Embeddings;
using FaceSearch.Infrastructure.FaceEngine.Imaging;
using FaceSearch.Infrastructure.FaceEngine.Landmarks;
using FaceSearch.Infrastructure.FaceEngine.Models;

namespace FaceSearch.Benchmarks;

/// <summary>
/// Profile mobile alone, on the 250x250 photographs of <c>lfw</c>: each step on one thread for the largest face, then
/// whole pictures on one core and on all. Every figure except the median is of the fastest of several rounds
/// over all pictures.
/// </summary>
internal static class EngineBenchmark
{
    private const int Rounds = 5;

    public static int Run(string[] folders)
    {
        var faces = folders.ElementAtOrDefault(0) ?? Path.Combine("..", "shared", "faces");
        var models = folders.ElementAtOrDefault(1) ?? Path.Combine("..", "shared", "models");
        byte[][] pictures =
        [
            .. Directory.EnumerateFiles(Path.Combine(faces, "lfw"), "*.jpg", SearchOption.AllDirectories)
                .Order(StringComparer.Ordinal).Select(File.ReadAllBytes),
        ];
        Console.WriteLine($"{pictures.Length} pictures, {Environment.ProcessorCount} cores, the fastest of {Rounds} rounds");
        var oneFace = PrintSteps(pictures, models);
        var single = PicturesPerSecond(pictures, models, 1);
        var all = PicturesPerSecond(pictures, models, Environment.ProcessorCount);
        var megabytes = Environment.WorkingSet / (1 << 20);
        Print($"pictures/s, every face of each: 1 core {single:f0}, {Environment.ProcessorCount} cores {all:f0}");
        Print($"engine one_face_ms={oneFace:f2} pictures_per_s={all:f0} pictures_per_s_one_core={single:f0} rss_mb={megabytes}");
        return 0;
    }

    /// <summary>Prints a row per step; returns the median of a whole picture in ms.</summary>
    private static double PrintSteps(byte[][] pictures, string models)
    {
        using var network = new YuNetNetwork(OnnxSessionFactory.Open(Path.Combine(models, "yunet_n_dynamic.onnx"), keepBuffers: false));
        using var embedder = EngineProfile.OpenMobileEmbedder(Path.Combine(models, "mobilefacenet.onnx"));
        var steps = new Steps(new YuNetFaceDetector(network), new ArcFaceAligner(new YuNetLandmarkRefiner(network)), embedder);
        string[] names = ["decode", "detect", "landmarks, align", "quality", "embed", "in all"];
        var times = names.Select(_ => Enumerable.Repeat(double.MaxValue, pictures.Length).ToArray()).ToArray();
        for (var round = 0; round < Rounds; round++)
        {
            for (var i = 0; i < pictures.Length; i++)
            {
                var measured = steps.Measure(pictures[i]);
                for (var step = 0; step < names.Length; step++)
                    times[step][i] = Math.Min(times[step][i], measured[step]);
            }
        }

        for (var step = 0; step < names.Length; step++)
            Print($"{names[step],-18} min {times[step].Min():f2} ms   median {Median(times[step]):f2} ms");

        return Median(times[^1]);
    }

    private static double PicturesPerSecond(byte[][] pictures, string models, int threads)
    {
        var encoder = EngineProfile.Mobile.Build(
            EngineProfile.Mobile.Files.ToDictionary(file => file, file => Path.Combine(models, file)), new ImageDecoder(40_000_000));
        var best = double.MaxValue;
        for (var round = 0; round < Rounds; round++)
        {
            var started = Stopwatch.GetTimestamp();
            Parallel.ForEach(pictures, new ParallelOptions { MaxDegreeOfParallelism = threads }, picture =>
            {
                var detected = encoder.Detect(picture, CancellationToken.None).Value;
                encoder.Embed([.. detected.Faces.Take(1).Select(face => face.Chip)]);
            });
            best = Math.Min(best, Stopwatch.GetElapsedTime(started).TotalSeconds);
        }

        return pictures.Length / best;
    }

    private static double Median(double[] values) => values.Order().ElementAt(values.Length / 2);

    private static void Print(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));

    private sealed class Steps(YuNetFaceDetector detector, ArcFaceAligner aligner, IFaceEmbedder embedder)
    {
        private readonly ImageDecoder decoder = new(40_000_000);

        /// <summary>Milliseconds of each step, then of all steps.</summary>
        public double[] Measure(byte[] picture)
        {
            var start = Stopwatch.GetTimestamp();
            using var image = decoder.Decode(picture).Value.Image;
            var decoded = Stopwatch.GetTimestamp();
            var face = detector.Detect(image).MaxBy(found => found.Box.Area);
            var detected = Stopwatch.GetTimestamp();
            var chip = aligner.Align(image, face);
            var aligned = Stopwatch.GetTimestamp();
            aligner.Measure(chip);
            var judged = Stopwatch.GetTimestamp();
            embedder.Embed([chip.Chip]);
            var embedded = Stopwatch.GetTimestamp();
            return
            [
                Ms(start, decoded), Ms(decoded, detected), Ms(detected, aligned), Ms(aligned, judged), Ms(judged, embedded),
                Ms(start, embedded),
            ];
        }

        private static double Ms(long from, long to) => Stopwatch.GetElapsedTime(from, to).TotalMilliseconds;
    }
}
