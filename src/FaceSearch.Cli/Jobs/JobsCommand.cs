using System.CommandLine;
using FaceSearch.Cli.CommandLine;
using FaceSearch.Cli.Connection;
using FaceSearch.Cli.Execution;
using FaceSearch.Client;

namespace FaceSearch.Cli.Jobs;

/// <summary><c>facesearch jobs</c>: lists, follows, cancels and retries bulk enrolment jobs.</summary>
internal static class JobsCommand
{
    private static readonly Argument<Guid> Job = new("job") { Description = "The job's id" };

    private static readonly Option<string?> Collection = new("--collection", "-c") { Description = "Only jobs of this collection" };

    private static readonly Option<int> Limit = new Option<int>("--limit", "-n")
    {
        Description = "The largest number of jobs to list",
        DefaultValueFactory = _ => 20,
    }.TakesWhole(1, 1_000_000);

    private static readonly Option<bool> AllFailures = new("--failures") { Description = "List every failed picture with its reason" };

    public static Command Build(CommandEnvironment environment) => new("jobs", "List, follow, cancel and retry bulk enrolment jobs.")
    {
        new Command("list", "List jobs, newest first.") { Collection, Limit }.SetHandler(environment, ListAsync),
        new Command("show", "Show a job's progress.") { Job, AllFailures }.SetHandler(environment, ShowAsync),
        new Command("watch", "Show a job's progress until it has ended. Exit code 3 when pictures failed.") { Job, CommonOptions.Patience }
            .SetHandler(environment, WatchAsync),
        new Command("cancel", "Cancel a job. Faces that it has enrolled stay.") { Job }
            .SetHandler(environment, context => AnswerAsync(context, context.Client.CancelJobAsync($"{context.Get(Job)}", cancellationToken: context.Ct))),
        new Command("retry", "Queue an ended job again. It processes the pictures that failed or were not processed.") { Job }
            .SetHandler(environment, context => AnswerAsync(context, context.Client.RetryJobAsync($"{context.Get(Job)}", cancellationToken: context.Ct))),
    };

    private static async Task<int> ListAsync(CommandContext context)
    {
        var jobs = await Pages.ReadAsync(
            async (cursor, limit) =>
            {
                var page = await context.Client.ListJobsAsync(context.Get(Collection), cursor, limit, context.Ct);
                return (page.Jobs, page.NextCursor);
            },
            context.Get(Limit));
        context.Terminal.Show(new { jobs }, list => JobTables.Draw(list.jobs));
        return ExitCode.Done;
    }

    private static async Task<int> ShowAsync(CommandContext context)
    {
        var job = await context.Client.GetJobAsync($"{context.Get(Job)}", context.Ct);
        if (!context.Get(AllFailures))
        {
            context.Terminal.Show(job, JobTables.Draw);
            return ExitCode.Done;
        }

        var failures = await FailuresAsync(context, job);
        context.Terminal.Show(job with { Failures = failures }, all => JobTables.Draw(all, int.MaxValue));
        return ExitCode.Done;
    }

    private static async Task<int> WatchAsync(CommandContext context)
    {
        var status = new JobStatus();
        var client = context.ConnectPatiently(TimeSpan.FromSeconds(context.Get(CommonOptions.Patience)), status.Trouble);
        var job = await client.GetJobAsync($"{context.Get(Job)}", context.Ct);
        var ended = await JobProgress.ShowAsync(
            context.Terminal, status, () => new JobWatch(client, status).UntilEndedAsync(job, context.Ct));
        context.Terminal.Show(ended, JobTables.Draw);
        return JobOutcome.ExitCode([ended]);
    }

    private static async Task<int> AnswerAsync(CommandContext context, Task<EnrolmentJobResponse> call)
    {
        context.Terminal.Show(await call, JobTables.Draw);
        return ExitCode.Done;
    }

    private static async Task<IReadOnlyList<FailureResponse>> FailuresAsync(CommandContext context, EnrolmentJobResponse job)
    {
        var items = await Pages.ReadAsync(
            async (cursor, limit) =>
            {
                var page = await context.Client.ListJobItemsAsync($"{job.JobId}", EnrolmentOutcome.Failed, cursor, limit, context.Ct);
                return (page.Items, page.NextCursor);
            },
            int.MaxValue);
        return [.. items.Select(item => new FailureResponse(item.Name, item.Reason ?? string.Empty))];
    }
}
