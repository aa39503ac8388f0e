using FaceSearch.Cli.Jobs;
using FaceSearch.Cli.Output;
using FaceSearch.Client;
using Spectre.Console.Rendering;

namespace FaceSearch.Cli.Import;

/// <summary>The tables of an import.</summary>
internal static class ImportTables
{
    public static IRenderable Draw(ImportResult result)
    {
        var stopped = result.Jobs.Where(job => job.State is EnrolmentJobState.Failed or EnrolmentJobState.Cancelled);
        return Tables.Below(
            JobTables.Counts(result.Total, result.Inserted, result.Duplicates, result.Failed, result.Skipped, result.LeftOut),
            JobTables.Failures(result.Failures, result.Failed, JobTables.FailuresShown, result.Jobs),
            Tables.Line(
                $"{result.Source} into collection '{result.Collection}' in {Plain.Duration(TimeSpan.FromSeconds(result.Seconds))}; "
                + $"{(result.Jobs.Count == 1 ? "job" : "jobs")} {string.Join(", ", result.Jobs.Select(job => job.JobId))}"),
            JobTables.Stopped(stopped));
    }
}
