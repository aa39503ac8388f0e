using FaceSearch.Cli.Output;
using FaceSearch.Client;
using Spectre.Console;

namespace FaceSearch.Cli.Calibration;

/// <summary>
/// Pairs by distance, in a column for one person and a column for two, each with its own scale, with the tolerances
/// marked.
/// </summary>
internal static class DistanceHistogram
{
    private const int MostRows = 24;
    private const int BarWidth = 28;

    public static Table Draw(CalibrationResponse found)
    {
        var last = Math.Max(LastOf(found.SameHistogram), LastOf(found.DifferentHistogram));
        var binsARow = Math.Max(1, (last + MostRows) / MostRows);
        var same = Merge(found.SameHistogram, last, binsARow);
        var different = Merge(found.DifferentHistogram, last, binsARow);
        var width = found.BinWidth * binsARow;

        var table = Tables.New(">distance", "pairs of one person", "pairs of two persons", "");
        for (var row = 0; row < same.Count; row++)
        {
            table.AddRow(
                new Text(Plain.Distance(row * width)),
                new Text(Bar(same[row], same.Max()), new Style(Color.Green)),
                new Text(Bar(different[row], different.Max()), new Style(Color.Red)),
                new Text(MarkOf(found, row * width, (row + 1) * width)));
        }

        return table;
    }

    internal static string Bar(long count, long most)
    {
        if (count == 0 || most == 0)
            return string.Empty;

        // In eighths of a cell; at least one eighth for a count above 0.
        var eighths = (int)Math.Max(1, Math.Round((double)count / most * BarWidth * 8));
        return new string('█', eighths / 8) + (eighths % 8 is > 0 and var rest ? $"{(char)('█' + 8 - rest)}" : "");
    }

    internal static IReadOnlyList<long> Merge(IReadOnlyList<long> bins, int last, int binsARow)
    {
        var rows = new long[(last / binsARow) + 1];
        for (var bin = 0; bin <= last && bin < bins.Count; bin++)
            rows[bin / binsARow] += bins[bin];

        return rows;
    }

    private static int LastOf(IReadOnlyList<long> bins) =>
        Math.Max(0, Enumerable.Range(0, bins.Count).LastOrDefault(bin => bins[bin] > 0));

    private static string MarkOf(CalibrationResponse found, double from, double to)
    {
        bool IsHere(double tolerance) => tolerance > from && tolerance <= to;
        return found.Wanted is { } wanted && IsHere(wanted.Tolerance) ? "<- as wanted"
            : IsHere(found.Current.Tolerance) ? "<- the server's default"
            : string.Empty;
    }
}
