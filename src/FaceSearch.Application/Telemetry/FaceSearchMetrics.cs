using System.Diagnostics.Metrics;
using FaceSearch.Domain.Enrolment;

namespace FaceSearch.Application.Telemetry;

/// <summary>The server's own counters and timers. Thread-safe.</summary>
public sealed class FaceSearchMetrics
{
    public const string MeterName = "FaceSearch";

    private const string OutcomeTag = "outcome";

    private static readonly InstrumentAdvice<double> SearchBuckets = new()
    {
        HistogramBucketBoundaries = [0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1],
    };

    private readonly Meter meter;
    private readonly Histogram<double> searchDuration;
    private readonly Counter<long> enrolmentItems;

    public FaceSearchMetrics(IMeterFactory meters)
    {
        ArgumentNullException.ThrowIfNull(meters);
        meter = meters.Create(MeterName);
        searchDuration = meter.CreateHistogram(
            "facesearch.search.duration", "s", "A search of the index: all faces of a picture.", advice: SearchBuckets);
        enrolmentItems = meter.CreateCounter<long>(
            "facesearch.enrolment.items", "{item}", "Pictures processed by enrolment, by outcome.");
    }

    /// <param name="size">Returns how many embeddings the index holds; called when the metrics are read.</param>
    public void ObserveIndexSize(Func<long> size) => meter.CreateObservableUpDownCounter(
        "facesearch.index.size", size, "{embedding}", "Embeddings in the index of this process.");

    public void RecordSearch(TimeSpan duration) => searchDuration.Record(duration.TotalSeconds);

    public void CountEnrolment(EnrolmentOutcome outcome, long items = 1) =>
        enrolmentItems.Add(items, new KeyValuePair<string, object?>(OutcomeTag, NameOf(outcome)));

    private static string NameOf(EnrolmentOutcome outcome) => outcome switch
    {
        EnrolmentOutcome.Inserted => "inserted",
        EnrolmentOutcome.Duplicate => "duplicate",
        EnrolmentOutcome.Skipped => "skipped",
        EnrolmentOutcome.Failed => "failed",
        _ => throw new ArgumentOutOfRangeException(nameof(outcome), outcome, null),
    };
}
