using System.Collections.Concurrent;
using FaceSearch.Domain.Faces;
using FaceSearch.Infrastructure.FaceEngine;
using FaceSearch.Infrastructure.FaceEngine.Imaging;

namespace FaceSearch.SearchBenchmarks;

/// <summary>Real embeddings of the photographs beside the checkout, and vectors drawn like them.</summary>
internal static class MeasuredFaces
{
    private const int MaxPixels = 40_000_000;

    private static readonly Lazy<FaceLikeVectors?> LazySource = new(Measure);

    /// <summary>Null when the photographs or the models are missing.</summary>
    public static FaceLikeVectors? Source => LazySource.Value;

    private static FaceLikeVectors? Measure()
    {
        var shared = Path.Combine(Checkout.Root, "..", "shared");
        var manifest = Path.Combine(shared, "faces", "manifest.csv");
        var models = EngineProfile.Mobile.Files.ToDictionary(file => file, file => Path.Combine(shared, "models", file));
        if (!File.Exists(manifest) || !models.Values.All(File.Exists))
            return null;

        var persons = Encode(manifest, EngineProfile.Mobile.Build(models, new ImageDecoder(MaxPixels)))
            .Where(person => person.Length > 1).ToArray();
        return Model(persons);
    }

    /// <summary>The largest face of each photograph, by person.</summary>
    private static float[][][] Encode(string manifest, Application.Abstractions.IFaceEncoder encoder)
    {
        var found = new ConcurrentBag<(string Path, string Person, float[] Values)>();
        Parallel.ForEach(File.ReadLines(manifest).Skip(1).Select(line => line.Split(',')), row =>
        {
            var picture = File.ReadAllBytes(Path.Combine(Path.GetDirectoryName(manifest)!, row[0]));
            var detected = encoder.Detect(picture, CancellationToken.None);
            if (detected.Error is null && detected.Value.Faces is [var largest, ..])
                found.Add((row[0], row[1], encoder.Embed([largest.Chip])[0].Values.ToArray()));
        });

        return [.. found.OrderBy(face => face.Path, StringComparer.Ordinal)
            .GroupBy(face => face.Person, face => face.Values)
            .Select(person => person.ToArray())];
    }

    private static FaceLikeVectors Model(float[][][] persons)
    {
        var means = Array.ConvertAll(persons, Covariance.Mean);
        var pictures = persons.Sum(person => person.Length);
        var within = new Covariance(
            persons.SelectMany((person, i) => person.Select(picture => Covariance.Less(picture, means[i]))), pictures - persons.Length);
        var mean = Covariance.Mean(means);
        var ofMeans = new Covariance(means.Select(person => Covariance.Less(person, mean)), persons.Length - 1);

        // A mean of n pictures has 1/n of the covariance within a person.
        var excess = within.Trace * persons.Average(person => 1.0 / person.Length);
        var between = ofMeans.Scaled((ofMeans.Trace - excess) / ofMeans.Trace);
        Console.WriteLine(FormattableString.Invariant(
            $"{pictures} photographs of {persons.Length} people: variance between them {between.Trace:F3}, within {within.Trace:F3}; strangers at {Strangers(persons)}"));
        return new FaceLikeVectors("face-like (measured)", mean, between.Shrunk().Factor(), within.Shrunk().Factor());
    }

    private static string Strangers(float[][][] persons)
    {
        var distances = persons.SelectMany((one, i) => persons.Skip(i + 1).Select(other => Distance(one[0], other[0]))).ToArray();
        return FaceLikeVectors.Spread(distances);
    }

    private static double Distance(float[] a, float[] b) => new Embedding(a).DistanceTo(new Embedding(b));
}
