using FaceSearch.Application.Calibration;

namespace FaceSearch.Api.Search;

/// <summary>What tolerances mean in a collection, measured on its own faces.</summary>
/// <param name="Model">The model of the collection.</param>
/// <param name="FaceCount">All enrolled faces.</param>
/// <param name="PersonCount">Persons with a face.</param>
/// <param name="PersonsWithSeveralFacesCount">Persons with at least two.</param>
/// <param name="BinWidth">Of the two histograms: bin i counts the distances above i times the width, up to the next; the first has distance 0 too, and one beyond 4 has all that lies there.</param>
/// <param name="SameHistogram">Pairs of faces of one person, by distance.</param>
/// <param name="DifferentHistogram">Pairs of faces of different persons, by distance.</param>
/// <param name="Rates">By tolerance, ascending.</param>
/// <param name="Wanted">The rates at the largest tolerance within the wanted false match rate; null when there is none.</param>
/// <param name="Current">The rates at the server's default tolerance.</param>
/// <param name="Warnings">Reasons to doubt the rates, such as too few persons with several faces.</param>
/// <param name="MeasuredAt">When the measurement ended.</param>
/// <param name="JobId">The job that measures again now; null when this measurement is recent.</param>
public sealed record CalibrationResponse(
    string Collection, string Model, int FaceCount, int PersonCount, int PersonsWithSeveralFacesCount,
    CalibrationPairs Pairs,
    double BinWidth, IReadOnlyList<long> SameHistogram, IReadOnlyList<long> DifferentHistogram, IReadOnlyList<CalibrationRates> Rates,
    CalibrationRates? Wanted, CalibrationRates Current, IReadOnlyList<string> Warnings,
    DateTime MeasuredAt, Guid? JobId)
{
    internal static CalibrationResponse From(string collection, CalibrationResult result, Guid? jobId) => new(
        collection,
        result.Model,
        result.Faces,
        result.Persons,
        result.PersonsWithSeveralFaces,
        new CalibrationPairs(result.Pairs.Same, result.Pairs.Different, result.Pairs.Sampled),
        result.BinWidth,
        result.Same,
        result.Different,
        [.. result.Rates.Select(CalibrationRates.From)],
        result.Wanted is { } wanted ? CalibrationRates.From(wanted) : null,
        CalibrationRates.From(result.Current),
        result.Warnings,
        result.MeasuredAt,
        jobId);
}

/// <summary>How many pairs were measured.</summary>
/// <param name="Sampled">True when there are too many to measure each. The sample is the same every time.</param>
public sealed record CalibrationPairs(long SameCount, long DifferentCount, bool Sampled);

/// <summary>The rates at one tolerance.</summary>
/// <param name="FalseMatchRate">The share of pairs of different persons that match; null without such pairs.</param>
/// <param name="FalseNonMatchRate">The share of pairs of one person that don't match; null without such pairs.</param>
/// <param name="ExpectedFalseMatches">How many enrolled faces a search for an unknown face finds: the false match rate times the faces of the collection.</param>
public sealed record CalibrationRates(
    double Tolerance, double? FalseMatchRate, double? FalseNonMatchRate, double? ExpectedFalseMatches)
{
    internal static CalibrationRates From(ToleranceRates rates) =>
        new(rates.Tolerance, rates.FalseMatchRate, rates.FalseNonMatchRate, rates.ExpectedFalseMatches);
}
