using FaceSearch.Application.Abstractions;

namespace FaceSearch.ProfileBenchmarks;

/// <summary>All profiles on the same people, draws, pairs and pictures. See bench/profiles.sh.</summary>
internal static class Comparison
{
    private const string Reference = "mobile";
    private const double Tolerance = 0.6;
    private const double Fpir = 0.01;

    /// <param name="wanted">The labels to compare with <c>mobile</c>; empty for all.</param>
    public static async Task RunAsync(string facesFolder, Profiles profiles, string[] wanted)
    {
        var faces = OpenFaces.Read(facesFolder);
        var pictures = faces.Test.SelectMany(person => person.Pictures).ToArray();
        Print($"{faces.Test.Count} people, {pictures.Length} pictures; {faces.Fit.Count} people of the projections are left out");

        var encoders = await OpenAsync(profiles, wanted);
        var results = new Dictionary<string, (OpenSet Open, Pairs Pairs)>();
        foreach (var (label, encoder) in encoders)
        {
            var embeddings = MainFaces.Embed(encoder, faces.Folder, pictures);
            results[label] = (OpenSet.Run(faces.Test, embeddings), new Pairs(faces.Test, embeddings));
            Report(label, results[label].Open, results[label].Pairs, pictures.Length - embeddings.Count);
        }

        var bootstrap = new Bootstrap(faces.Test.Count);
        var samples = results.ToDictionary(
            result => result.Key, result => bootstrap.Run(weights => result.Value.Open.Tpir(Fpir, weights)));
        foreach (var (label, result) in results)
            ReportInterval(label, result.Open, samples[label], results[Reference].Open, samples[Reference]);

        var ratios = MeasureTimes(encoders, [.. pictures.Select(picture => Path.Combine(faces.Folder, picture))]);
        Print($"profiles {string.Join(' ', Profiles.Labels.Take(4).Select(label => $"tpir_{label}={Tpir(label):f4}"))} gain={Tpir("mfn") - Tpir(Reference):f4} mfn_ratio={ratios.GetValueOrDefault("mfn", double.NaN):f2} pairs_mfn={PairsRight("mfn"):f4}");

        double Tpir(string label) => results.TryGetValue(label, out var found) ? found.Open.Tpir(Fpir) : double.NaN;
        double PairsRight(string label) => results.TryGetValue(label, out var found) ? found.Pairs.Right(Tolerance) : double.NaN;
    }

    /// <summary>Only the time of a portrait.</summary>
    public static async Task TimeAsync(string facesFolder, Profiles profiles, string[] wanted)
    {
        var faces = OpenFaces.Read(facesFolder);
        MeasureTimes(
            await OpenAsync(profiles, wanted),
            [.. faces.Test.Select(person => Path.Combine(faces.Folder, person.Pictures[0]))]);
    }

    /// <summary>
    /// Megabytes that the process holds more than before it opened the profile: after opening it, and at most while it
    /// embeds 60 portraits. One process per profile.
    /// </summary>
    public static async Task MeasureMemoryAsync(string facesFolder, Profiles profiles, string label)
    {
        var faces = OpenFaces.Read(facesFolder);
        var before = Environment.WorkingSet;
        var encoder = await profiles.OpenAsync(label) ?? throw new ArgumentException($"No files of {label}.", nameof(label));
        var opened = Environment.WorkingSet;
        var largest = opened;
        foreach (var person in faces.Test.Take(60))
        {
            MainFaces.Embed(encoder, File.ReadAllBytes(Path.Combine(faces.Folder, person.Pictures[0])));
            largest = Math.Max(largest, Environment.WorkingSet);
        }

        Print($"memory {label}: opened +{(opened - before) >> 20} MB, at work +{(largest - before) >> 20} MB");
    }

    private static async Task<Dictionary<string, IFaceEncoder>> OpenAsync(Profiles profiles, string[] wanted)
    {
        var encoders = new Dictionary<string, IFaceEncoder>();
        foreach (var label in Profiles.Labels)
        {
            if ((wanted.Length == 0 || label == Reference || wanted.Contains(label))
                && await profiles.OpenAsync(label) is { } encoder)
                encoders.Add(label, encoder);
        }

        return encoders;
    }

    private static void Report(string label, OpenSet open, Pairs pairs, int missed)
    {
        Print($"{label}: {missed} pictures without a face; rank 1 {open.Rank1():f4}; TPIR at FPIR 0.1 / 0.01 / 0.003: {open.Tpir(0.1):f4} / {open.Tpir(0.01):f4} / {open.Tpir(0.003):f4} (thresholds {open.Threshold(0.1):f3} / {open.Threshold(0.01):f3} / {open.Threshold(0.003):f3}); {open.KnownSearches} known and {open.StrangerSearches} stranger searches");
        Print($"{label}: {pairs.Count} pairs, right at 0.6 {pairs.Right(Tolerance):f4}, best {pairs.Right(pairs.Best()):f4} at {pairs.Best():f3}; TAR at FMR 1e-2 / 1e-3: {pairs.TarAtFmr(0.01):f4} / {pairs.TarAtFmr(0.001):f4}");
    }

    private static void ReportInterval(
        string label, OpenSet open, double[] samples, OpenSet reference, double[] referenceSamples)
    {
        var (low, high) = Bootstrap.Interval(samples);
        var (gainLow, gainHigh) = Bootstrap.Interval(samples.Zip(referenceSamples, (a, b) => a - b));
        var byDraw = open.TpirByDraw(Fpir).Zip(reference.TpirByDraw(Fpir), (a, b) => a - b).ToArray();
        Print($"{label}: TPIR at FPIR {Fpir} {open.Tpir(Fpir):f4} (95% {low:f4} to {high:f4}); over {Reference} {open.Tpir(Fpir) - reference.Tpir(Fpir):+0.0000;-0.0000} (95% {gainLow:f4} to {gainHigh:f4}), by draw {byDraw.Min():f4} to {byDraw.Max():f4}");
    }

    private static Dictionary<string, double> MeasureTimes(Dictionary<string, IFaceEncoder> encoders, string[] pictures)
    {
        var labels = encoders.Keys.ToArray();
        var (medians, ratios) = PortraitTimes.Measure([.. encoders.Values], pictures);
        for (var i = 0; i < labels.Length; i++)
            Print($"{labels[i]}: a portrait {medians[i]:f2} ms (median), {ratios[i]:f2} times {labels[0]} (median of pairs)");

        return labels.Zip(ratios).ToDictionary(pair => pair.First, pair => pair.Second);
    }

    private static void Print(FormattableString line) =>
        Console.WriteLine(FormattableString.Invariant(line).Replace("NaN", "n/a", StringComparison.Ordinal));
}
