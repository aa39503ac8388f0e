using FaceSearch.Cli.Output;
using FaceSearch.Client;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace FaceSearch.Cli.Jobs;

/// <summary>Tables of jobs.</summary>
internal static class JobTables
{
    /// <summary>The largest number of failures in a table; <c>jobs show --failures</c> lists all.</summary>
    public const int FailuresShown = 20;

    public static IRenderable Draw(EnrolmentJobResponse job) => Draw(job, FailuresShown);

    public static IRenderable Draw(EnrolmentJobResponse job, int failuresShown) => Tables.Below(
        Tables.Facts(
            ("job", $"{job.JobId}"),
            ("state", job.State.ToString().ToLowerInvariant() + (job.CancelRequested && !job.HasEnded() ? ", to be cancelled" : "")),
            ("kind", KindOf(job)),
            ("collection", job.Collection),
            ("model", job.Model),
            ("progress", JobProgress.EnrolmentWords(SnapshotOf(job))),
            ("attempts", job.Attempts > 1 ? Plain.Number(job.Attempts) : null),
            ("last error", job.LastError),
            ("created", Plain.Moment(job.CreatedAt)),
            ("started", Plain.Moment(job.StartedAt)),
            ("ended", Plain.Moment(job.EndedAt))),
        job.Kind == JobKind.Calibration ? null : Counts(job.Total ?? 0, job.Inserted, job.Duplicates, job.Failed, job.Skipped, 0),
        Imported(job.Import),
        Failures(job.Failures, job.Failed, failuresShown, [job]),
        Stopped(job.State is EnrolmentJobState.Failed or EnrolmentJobState.Cancelled ? [job] : []));

    public static IRenderable Draw(IReadOnlyList<EnrolmentJobResponse> jobs)
    {
        if (jobs.Count == 0)
            return Tables.Line("No jobs.");

        var table = Tables.New("job", "collection", "state", ">done", ">total", ">inserted", ">duplicates", ">failed", "created");
        foreach (var job in jobs)
        {
            table.Add(
                $"{job.JobId}", job.Collection, job.State.ToString().ToLowerInvariant(), Plain.Number(job.Done),
                job.Total is { } total ? Plain.Number(total) : "-", Plain.Number(job.Inserted),
                Plain.Number(job.Duplicates), Plain.Number(job.Failed), Plain.Moment(job.CreatedAt));
        }

        return table;
    }

    public static Table Counts(int total, int inserted, int duplicates, int failed, int skipped, int leftOut)
    {
        var table = Tables.New("pictures", ">count")
            .Add("enrolled", Plain.Number(inserted))
            .Add("enrolled before", Plain.Number(duplicates))
            .Add("failed", Plain.Number(failed));
        if (skipped > 0)
            table.Add("files of the system, skipped", Plain.Number(skipped));
        table.Add("all", Plain.Number(total));
        if (leftOut > 0)
            table.Add("other files, not sent", Plain.Number(leftOut));
        return table;
    }

    public static Rows? Failures(
        IReadOnlyList<FailureResponse> failures, int failed, int most, IReadOnlyList<EnrolmentJobResponse> jobs)
    {
        if (failures.Count == 0)
            return null;

        var table = Tables.New("failed", "why");
        foreach (var failure in failures.Take(most))
            table.Add(failure.Name, FailureReasons.Of(failure.Reason));

        var more = failed - Math.Min(most, failures.Count);
        var whose = jobs.Where(job => job.Failed > 0).ToList() is [var only] ? $"{only.JobId}" : "JOB";
        return new Rows(more <= 0
            ? [table]
            : [table, Tables.Line($"and {Plain.Number(more)} more: facesearch jobs show {whose} --failures")]);
    }

    public static Rows? Stopped(IEnumerable<EnrolmentJobResponse> jobs)
    {
        var lines = jobs.Select(job => Tables.Line(job.State == EnrolmentJobState.Cancelled
            ? $"Job {job.JobId} was cancelled. {(job.Kind == JobKind.Calibration ? "The last result stays" : "Enrolled faces stay")}. To continue: facesearch jobs retry {job.JobId}"
            : $"Job {job.JobId} stopped: {job.Failure} ({job.FailureCode}). To continue: facesearch jobs retry {job.JobId}")).ToList();
        return lines.Count == 0 ? null : new Rows(lines);
    }

    private static Rows? Imported(ImportResponse? import)
    {
        if (import is null)
            return null;

        var facts = Tables.Facts(("faces added", Plain.Number(import.FaceCount)), ("persons added", Plain.Number(import.PersonCount)));
        return import.ExternalIdConflictCount == 0
            ? new Rows(facts)
            : new Rows(facts, Tables.Line(
                $"{Plain.Count(import.ExternalIdConflictCount, "face", "faces")} came without the external id, which another face has."));
    }

    private static string? KindOf(EnrolmentJobResponse job) => job.Kind switch
    {
        JobKind.Reembedding => "re-embedding",
        JobKind.Import => "import of a collection",
        JobKind.PersonErasure => "erasure of a person",
        JobKind.FaceRemoval => "removal of faces",
        JobKind.CollectionRemoval => "removal of a collection",
        JobKind.Calibration => "calibration",
        _ => null,
    };

    private static JobSnapshot SnapshotOf(EnrolmentJobResponse job)
    {
        var status = new JobStatus();
        status.Tell(job);
        return status.Read() with { Failed = 0 };
    }
}
