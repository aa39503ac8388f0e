using System.CommandLine;
using FaceSearch.Cli.CommandLine;
using FaceSearch.Cli.Connection;
using FaceSearch.Client;

namespace FaceSearch.Cli.Enrolment;

/// <summary><c>facesearch jobs</c>: the server's running and ended jobs.</summary>
internal static class JobsCommand
{
    private static readonly Argument<Guid> Job = new("job") { Description = "The job's id" };

    private static readonly Option<string?> Collection = new("--collection", "-c") { Description = "Only those of this collection" };

    private static readonly Option<int> Limit = new Option<int>("--limit", "-n")
    {
        Description = "The largest number of jobs, newest first",
        DefaultValueFactory = _ => 20,
    }.TakesWhole(1, 1_000_000);

    private static readonly Option<bool> AllFailures = new("--failures") { Description = "Every picture that failed, with the reason" };

    public static Command Build(Surroundings surroundings) => new("jobs", "Follow, stop and repeat bulk enrolments.")
    {
        new Command("list", "The jobs, newest first.") { Collection, Limit }.SetHandler(surroundings, ListAsync),
        new Command("show", "Show a job's progress.") { Job, AllFailures }.SetHandler(surroundings, ShowAsync),
        new Command("watch", "Follow a job to its end; exit code 3 when pictures failed.") { Job, CommonOptions.Patience }
            .SetHandler(surroundings, WatchAsync),
        new Command("cancel", "Stop a job; enrolled faces stay.") { Job }
            .SetHandler(surroundings, run => AnswerAsync(run, run.Client.CancelJobAsync($"{run.Get(Job)}", cancellationToken: run.Ct))),
        new Command("retry", "Queue an ended job again for the pictures that failed or were not reached.") { Job }
            .SetHandler(surroundings, run => AnswerAsync(run, run.Client.RetryJobAsync($"{run.Get(Job)}", cancellationToken: run.Ct))),
    };

    private static async Task<int> ListAsync(Run run)
    {
        var jobs = await Pages.ReadAsync(
            async (cursor, limit) =>
            {
                var page = await run.Client.ListJobsAsync(run.Get(Collection), cursor, limit, run.Ct);
                return (page.Jobs, page.NextCursor);
            },
            run.Get(Limit));
        run.Terminal.Show(new { jobs }, list => JobTables.Draw(list.jobs));
        return ExitCode.Done;
    }

    private static async Task<int> ShowAsync(Run run)
    {
        var job = await run.Client.GetJobAsync($"{run.Get(Job)}", run.Ct);
        if (!run.Get(AllFailures))
        {
            run.Terminal.Show(job, JobTables.Draw);
            return ExitCode.Done;
        }

        var failures = await FailuresAsync(run, job);
        run.Terminal.Show(job with { Failures = failures }, all => JobTables.Draw(all, int.MaxValue));
        return ExitCode.Done;
    }

    private static async Task<int> WatchAsync(Run run)
    {
        var status = new JobStatus();
        var client = run.ConnectPatiently(TimeSpan.FromSeconds(run.Get(CommonOptions.Patience)), status.Trouble);
        var job = await client.GetJobAsync($"{run.Get(Job)}", run.Ct);
        var ended = await JobProgress.ShowAsync(
            run.Terminal, status, () => new JobWatch(client, status).UntilEndedAsync(job, run.Ct));
        run.Terminal.Show(ended, JobTables.Draw);
        return JobOutcome.ExitCode([ended]);
    }

    private static async Task<int> AnswerAsync(Run run, Task<EnrolmentJobResponse> call)
    {
        run.Terminal.Show(await call, JobTables.Draw);
        return ExitCode.Done;
    }

    private static async Task<IReadOnlyList<FailureResponse>> FailuresAsync(Run run, EnrolmentJobResponse job)
    {
        var items = await Pages.ReadAsync(
            async (cursor, limit) =>
            {
                var page = await run.Client.ListJobItemsAsync($"{job.JobId}", EnrolmentOutcome.Failed, cursor, limit, run.Ct);
                return (page.Items, page.NextCursor);
            },
            int.MaxValue);
        return [.. items.Select(item => new FailureResponse(item.Name, item.Reason ?? string.Empty))];
    }
}
