using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Json;
using FaceSearch.Domain.Faces;
using FaceSearch.Infrastructure.FaceEngine.Recognisability;

namespace FaceSearch.ProfileBenchmarks.Quality;

/// <summary>
/// Computes where a profile's unrecognisable faces lie. Of degraded pictures it takes the faces that the profile does not
/// recognise: another person's clean face is nearer than the own one. The centres are theirs by k-means, brought to the
/// model's norm. The bound is the distance from the nearest centre that few clean faces are below.
/// </summary>
internal static class CentroidFit
{
    /// <summary>The number of people whose pictures are degraded, the first of the fit's.</summary>
    private const int DegradedPeople = 150;

    /// <summary>docs/engine.md has the figures for other numbers.</summary>
    private const int Centres = 8;

    /// <summary>The share of the fit's clean faces that are below the bound; of other people it is to be at most 0.01.</summary>
    private const double CleanRefused = 0.006;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Writes the data file of the profile's model.</summary>
    /// <param name="target">The folder.</param>
    public static async Task RunAsync(string label, string facesFolder, Profiles profiles, string target)
    {
        var faces = OpenFaces.Read(facesFolder);
        var encoder = await profiles.OpenAsync(label) ?? throw new ArgumentException($"No files of {label}.", nameof(label));
        var clean = MainFaces.Embed(encoder, faces.Folder, faces.Fit.Select(person => person.Pictures[0]));
        var lost = DegradedFaces.Embed(encoder, faces.Folder, [.. faces.Fit.Take(DegradedPeople)], find: false)
            .SelectMany(person => person.Degraded.Select(face => face.Aligned).Where(face => IsLost(face, person.Clean, clean.Values)))
            .ToArray();

        var centres = KMeans.Run([.. lost.Select(face => face.Values.ToArray())], Centres)
            .Select(centre => WithNorm(centre, encoder.Traits.EmbeddingNorm)).ToArray();
        var distances = clean.Values.Select(face => centres.Min(centre => centre.DistanceTo(face))).Order().ToArray();
        var bound = (float)Math.Round(distances[(int)(CleanRefused * distances.Length)], 3);
        var points = centres.Select(centre => MemoryMarshal.AsBytes(centre.Values).ToArray()).ToArray();
        var origin = new Origin(
            label, await profiles.HashFilesAsync(encoder.Model), [.. Degradation.All.Select(degradation => degradation.Name)],
            DegradedPeople, lost.Length, distances.Length, CleanRefused, OpenFaces.FitRule,
            "Labeled Faces in the Wild, the people of shared/faces/open", faces.FitSha256(),
            DateTime.UtcNow.ToString("yyyy-MM-dd"), $"bench/quality.sh --centroid {label}",
            Convert.ToHexStringLower(SHA256.HashData([.. points.SelectMany(point => point)])));
        var data = new UnrecognisableData(bound, points, JsonSerializer.SerializeToElement(origin, Json));
        await File.WriteAllTextAsync(
            Path.Combine(target, UnrecognisableData.FileOf(encoder.Model)), JsonSerializer.Serialize(data, Json) + "\n");
        Console.WriteLine(FormattableString.Invariant(
            $"centroid profile={label} unrecognised={lost.Length} clean={distances.Length} bound={bound:f3} sha256={origin.CentresSha256}"));
    }

    private static bool IsLost(Embedding face, Embedding own, IEnumerable<Embedding> clean)
    {
        var distance = face.DistanceTo(own);
        return clean.Any(other => other.DistanceTo(face) < distance);
    }

    /// <param name="norm">Null to leave the vector as it is.</param>
    private static Embedding WithNorm(double[] vector, float? norm)
    {
        var scale = norm / Math.Sqrt(vector.Sum(value => value * value)) ?? 1;
        return new Embedding([.. vector.Select(value => (float)(value * scale))]);
    }

    /// <summary>The sources of a data file.</summary>
    private sealed record Origin(
        string Profile, IReadOnlyDictionary<string, string> Files, string[] Degradations, int DegradedPeople, int UnrecognisedFaces,
        int CleanPeople, double CleanRefused, string Rule, string Pictures, string PeopleSha256, string Date, string Command,
        string CentresSha256);
}
