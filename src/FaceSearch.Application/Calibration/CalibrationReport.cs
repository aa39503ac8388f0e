using System.Globalization;

namespace FaceSearch.Application.Calibration;

/// <summary>Computes rates and warnings from the measured pairs.</summary>
internal sealed class CalibrationReport(CalibrationMeasurement pairs)
{
    private const int StepsABin = DistanceCounts.PerUnit / 50;

    /// <summary>Below these counts rates are unreliable.</summary>
    private const int EnoughPersons = 20;

    private const int EnoughPairs = 100;

    /// <summary>A rate from ten pairs has an error of about a third.</summary>
    private const int EnoughFalseMatches = 10;

    public CalibrationResult ToResult(CalibrateCollectionCommand query, float currentTolerance) => new(
        pairs.Model,
        pairs.Faces,
        pairs.Persons,
        pairs.PersonsWithSeveralFaces,
        new MeasuredPairs(pairs.Same.Total, pairs.Different.Total, pairs.IsSampled),
        (double)StepsABin / DistanceCounts.PerUnit,
        Bins(pairs.Same),
        Bins(pairs.Different),
        [.. Tolerances(query.Steps).Select(RatesAt)],
        Wanted(query.FalseMatchRate),
        RatesAt((int)Math.Round(currentTolerance * (double)DistanceCounts.PerUnit)),
        [.. Warnings(query.FalseMatchRate)],
        pairs.MeasuredAt);

    private ToleranceRates? Wanted(double falseMatchRate)
    {
        var different = pairs.Different;
        if (different.Total == 0)
            return null;

        var matches = (long)Math.Floor(falseMatchRate * different.Total);
        return different.LargestWith(matches) is { } tolerance and > 0 ? RatesAt(tolerance) : null;
    }

    private ToleranceRates RatesAt(int tolerance)
    {
        var accepted = Share(pairs.Different.Within(tolerance), pairs.Different.Total);
        return new ToleranceRates(
            (double)tolerance / DistanceCounts.PerUnit,
            accepted,
            Share(pairs.Same.Total - pairs.Same.Within(tolerance), pairs.Same.Total),
            accepted * pairs.Faces);
    }

    /// <summary>Evenly spaced above 0, up to the tolerance at which every pair matches.</summary>
    private IEnumerable<int> Tolerances(int steps)
    {
        var end = Math.Max(Math.Max(pairs.Same.Reach, pairs.Different.Reach), steps);
        return Enumerable.Range(1, steps).Select(step => (int)((long)end * step / steps));
    }

    private long[] Bins(DistanceCounts counts)
    {
        var end = Math.Max(LastBin(pairs.Same), LastBin(pairs.Different)) + 1;
        return counts.Histogram(StepsABin)[..end];
    }

    private IEnumerable<string> Warnings(double falseMatchRate)
    {
        var (same, different) = (pairs.Same.Total, pairs.Different.Total);
        if (same == 0)
            yield return "No person has several faces, so the false non-match rates are unknown: enrol more pictures of the same persons.";
        else if (pairs.PersonsWithSeveralFaces < EnoughPersons || same < EnoughPairs)
            yield return Text($"Only {pairs.PersonsWithSeveralFaces} persons have several faces, in {same} pairs: the false non-match rates are unreliable.");

        if (different == 0)
            yield return "There are no faces of different persons, so the false match rates are unknown.";
        else if (falseMatchRate * different < EnoughFalseMatches)
            yield return Text($"{different} pairs of different persons are too few to measure a false match rate of {falseMatchRate}.");

        if (pairs.IsSampled)
            yield return "There are too many pairs to measure each: the rates are those of a sample. The sample is the same every time.";
    }

    private static int LastBin(DistanceCounts counts) =>
        Math.Max(0, Array.FindLastIndex(counts.Histogram(StepsABin), count => count > 0));

    private static double? Share(long part, long whole) => whole == 0 ? null : (double)part / whole;

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
