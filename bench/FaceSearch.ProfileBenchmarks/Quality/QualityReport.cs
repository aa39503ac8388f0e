using FaceSearch.Application.Abstractions;

namespace FaceSearch.ProfileBenchmarks.Quality;

/// <summary>A profile and the photographs it is measured on.</summary>
/// <param name="Open">The people of <c>open/</c>; those of its fit are not measured.</param>
/// <param name="Shared">The folder that has <c>faces/</c> and <c>cases/</c>.</param>
internal sealed record QualityRun(IFaceEncoder Encoder, OpenFaces Open, string Shared);

/// <summary>
/// What a profile makes of pictures that are hard to recognise. Each measurement is a class: it prints its tables and
/// returns its part of the last line. See bench/quality.sh.
/// </summary>
internal static class QualityReport
{
    private static readonly Func<QualityRun, IReadOnlyList<(string Name, double Value)>>[] Measurements =
    [
        Magnets.Measure,
    ];

    public static async Task RunAsync(string label, string shared, Profiles profiles)
    {
        var encoder = await profiles.OpenAsync(label) ?? throw new ArgumentException($"No files of {label}.", nameof(label));
        var run = new QualityRun(encoder, OpenFaces.Read(Path.Combine(shared, "faces", "open")), shared);
        var values = Measurements.SelectMany(measure => measure(run)).ToArray();
        Console.WriteLine("quality " + string.Join(' ', values.Select(value => FormattableString.Invariant($"{value.Name}={value.Value:f4}"))));
    }
}
