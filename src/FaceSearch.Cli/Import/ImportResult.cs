using FaceSearch.Client;

namespace FaceSearch.Cli.Import;

/// <summary>The outcome of an import over all its jobs; the output of <c>--json</c>.</summary>
/// <param name="Source">The folder or zip.</param>
/// <param name="IsResumed">True when an interrupted run was resumed.</param>
/// <param name="LeftOut">Files of the folder that were not sent, as their extension is not a picture's.</param>
/// <param name="Failures">The first 1,000 of each job.</param>
internal sealed record ImportResult(
    string Source,
    string Collection,
    bool IsResumed,
    int LeftOut,
    int Total,
    int Inserted,
    int Duplicates,
    int Failed,
    int Skipped,
    double Seconds,
    IReadOnlyList<FailureResponse> Failures,
    IReadOnlyList<EnrolmentJobResponse> Jobs)
{
    public static ImportResult Of(
        ImportSource source, string collection, bool isResumed, TimeSpan time, IReadOnlyList<EnrolmentJobResponse> jobs) => new(
        source.Path,
        collection,
        isResumed,
        source.Others,
        jobs.Sum(job => job.Total ?? 0),
        jobs.Sum(job => job.Inserted),
        jobs.Sum(job => job.Duplicates),
        jobs.Sum(job => job.Failed),
        jobs.Sum(job => job.Skipped),
        Math.Round(time.TotalSeconds, 1),
        [.. jobs.SelectMany(job => job.Failures)],
        jobs);
}
