using System.IO.Compression;
using System.Numerics.Tensors;
using FaceSearch.Application.Abstractions;
using FaceSearch.Domain.Faces;
using FaceSearch.Domain.Recognisability;
using FaceSearch.Domain.Quality;

namespace FaceSearch.ProfileBenchmarks.Quality;

/// <summary>
/// Clean and degraded faces of people whom nothing was fitted on: their recognisability, the shares that the bound refuses,
/// and the searches by degraded faces that still get a match. A magnet is a degraded face that the profile does not
/// recognise: one of 1,000 clean faces of other people is nearer than the own one.
/// </summary>
internal sealed class Magnets
{
    private const int DegradedPeople = 100;
    private const int GalleryPeople = 1000;
    private const float Tolerance = 0.6f;

    /// <summary>Below so many magnets a share says little.</summary>
    private const int FewMagnets = 20;

    private readonly IFaceEncoder encoder;
    private readonly UnrecognisableFaces unrecognisable;
    private readonly float[][] gallery;

    private Magnets(IFaceEncoder encoder, UnrecognisableFaces unrecognisable, float[][] gallery) =>
        (this.encoder, this.unrecognisable, this.gallery) = (encoder, unrecognisable, gallery);

    /// <returns>
    /// <c>clean_refused</c>: of the clean faces of <c>open/</c>. <c>magnets_refused</c>: of all magnets.
    /// <c>magnets_matched</c>: of all magnets, those that the bound accepts and that find another person.
    /// <c>worst_kind_refused</c>: of the magnets of the kind with the least.
    /// </returns>
    public static IReadOnlyList<(string Name, double Value)> Measure(QualityRun run)
    {
        var open = run.Open;
        var unrecognisable = run.Encoder.Traits.Unrecognisable
            ?? throw new ArgumentException($"The model {run.Encoder.Model} has no unrecognisable faces.", nameof(run));
        var people = open.Test.OrderBy(person => OpenFaces.Key(person.Name), StringComparer.Ordinal).ToArray();
        var clean = MainFaces.Embed(run.Encoder, open.Folder, people.Select(person => person.Pictures[0]));
        float[][] gallery = [.. people.Skip(DegradedPeople).Select(person => person.Pictures[0]).Where(clean.ContainsKey)
            .Take(GalleryPeople).Select(picture => clean[picture].Values.ToArray())];

        var magnets = new Magnets(run.Encoder, unrecognisable, gallery);
        Print($"model {run.Encoder.Model}, bound {unrecognisable.Bound}, {DegradedPeople} people degraded");
        Print($"| faces | 1% | 5% | median | 95% | refused |");
        var cleanRefused = magnets.Report("clean, open/", [.. clean.Values]);
        magnets.Report("clean, lfw/", LabeledFaces(run));
        var kinds = magnets.JudgeAll(DegradedFaces.Embed(run.Encoder, open.Folder, people[..DegradedPeople], find: true));
        magnets.ReportCases(Path.Combine(run.Shared, "cases", "magnets", "magnet.zip"));
        return
        [
            ("clean_refused", cleanRefused),
            ("magnets_refused", kinds.Sum(kind => kind.Refused) / (double)kinds.Sum(kind => kind.Magnets)),
            ("magnets_matched", kinds.Sum(kind => kind.Matched) / (double)kinds.Sum(kind => kind.Magnets)),
            ("worst_kind_refused", kinds.Where(kind => kind.Magnets >= FewMagnets).Min(kind => kind.Refused / (double)kind.Magnets)),
        ];
    }

    private List<Kind> JudgeAll(IReadOnlyList<DegradedFaces> people)
    {
        var aligned = new List<Kind>();
        var lines = new List<string>();
        foreach (var (degradation, i) in Degradation.All.Select((degradation, i) => (degradation, i)))
        {
            Report($"{degradation.Name}, clean landmarks", [.. people.Select(person => person.Degraded[i].Aligned)]);
            aligned.Add(Judge(people.Select(person => (person.Clean, person.Degraded[i].Aligned))));

            var found = people.Where(person => person.Degraded[i].Found is not null).ToArray();
            Report($"{degradation.Name}, found", [.. found.Select(person => person.Degraded[i].FoundEmbedding!)]);
            var kind = Judge(found.Select(person => (person.Clean, person.Degraded[i].FoundEmbedding!)));
            var low = found.Count(person => IsBelowLow(person.Degraded[i].Found!));
            var either = found.Count(person => IsBelowLow(person.Degraded[i].Found!) || unrecognisable.Contains(person.Degraded[i].FoundEmbedding!));
            lines.Add(FormattableString.Invariant(
                $"| {degradation.Name} | {aligned[^1]} | {found.Length / (double)people.Count:p0} | {kind} | {Share(low, found.Length)} | {Share(either, found.Length)} |"));
        }

        Print($"| kind | recognised | of them refused | magnets refused | magnets matched | found | recognised | of them refused | magnets refused | magnets matched | below low | below low or the bound |");
        lines.ForEach(Console.WriteLine);
        return aligned;
    }

    private Kind Judge(IEnumerable<(Embedding Clean, Embedding Degraded)> faces)
    {
        var kind = new Kind();
        foreach (var (clean, face) in faces)
        {
            var nearest = gallery.Min(other => TensorPrimitives.Distance(other, face.Values));
            var isRefused = unrecognisable.Contains(face);
            if (nearest >= face.DistanceTo(clean))
                kind = kind with { Recognised = kind.Recognised + 1, RecognisedRefused = kind.RecognisedRefused + (isRefused ? 1 : 0) };
            else
                kind = kind with
                {
                    Magnets = kind.Magnets + 1,
                    Refused = kind.Refused + (isRefused ? 1 : 0),
                    Matched = kind.Matched + (!isRefused && nearest <= Tolerance ? 1 : 0),
                };
        }

        return kind;
    }

    private bool IsBelowLow(DetectedFace face) =>
        encoder.Traits.Quality.Judge(QualityLevel.Low, face.Box.LongerSide, face.Score, face.Quality).Count > 0;

    /// <returns>The share below the bound.</returns>
    private double Report(string faces, Embedding[] embeddings)
    {
        var distances = embeddings.Select(unrecognisable.RecognisabilityOf).Order().ToArray();
        if (distances.Length == 0)
            return double.NaN;

        var refused = embeddings.Count(unrecognisable.Contains) / (double)embeddings.Length;
        Print($"| {faces} | {At(0.01):f3} | {At(0.05):f3} | {At(0.5):f3} | {At(0.95):f3} | {refused:p2} of {embeddings.Length} |");
        return refused;

        float At(double share) => distances[(int)(share * distances.Length)];
    }

    private static Embedding[] LabeledFaces(QualityRun run)
    {
        var folder = Path.Combine(run.Shared, "faces", "lfw");
        var fitted = run.Open.Fit.Select(person => person.Name).ToHashSet();
        var pictures = Directory.GetFiles(folder, "*.jpg", SearchOption.AllDirectories)
            .Where(path => !fitted.Contains(Path.GetFileName(Path.GetDirectoryName(path)!)));
        return [.. MainFaces.Embed(run.Encoder, folder, pictures.Select(path => Path.GetRelativePath(folder, path))).Values];
    }

    /// <summary>The ready-made magnets.</summary>
    private void ReportCases(string path)
    {
        using var zip = ZipFile.OpenRead(path);
        foreach (var entry in zip.Entries.Where(entry => entry.Length > 0))
        {
            using var file = new MemoryStream();
            using (var stream = entry.Open())
                stream.CopyTo(file);

            var found = MainFaces.Find(encoder.Detect(file.ToArray(), CancellationToken.None).Value);
            if (found is null)
                Print($"{entry.FullName}: no face");
            else
                Print($"{entry.FullName}: {unrecognisable.RecognisabilityOf(encoder.Embed([found.Chip])[0]):f3}, below low: {IsBelowLow(found)}");
        }
    }

    private static string Share(int part, int whole) =>
        whole == 0 ? "" : FormattableString.Invariant($"{part / (double)whole:p0}");

    private static void Print(FormattableString line) => Console.WriteLine(FormattableString.Invariant(line));

    private readonly record struct Kind(int Recognised, int RecognisedRefused, int Magnets, int Refused, int Matched)
    {
        public override string ToString() =>
            $"{Recognised} of {Recognised + Magnets} | {Share(RecognisedRefused, Recognised)} | {Share(Refused, Magnets)} | {Share(Matched, Magnets)}";
    }
}
