using System.CommandLine;
using FaceSearch.Cli.CommandLine;
using FaceSearch.Cli.Execution;
using FaceSearch.Cli.Jobs;
using FaceSearch.Client;

namespace FaceSearch.Cli.Import;

/// <summary><c>facesearch import DIR|ZIP</c>: enrols every picture of a folder or a zip.</summary>
internal static class ImportCommand
{
    private static readonly Argument<string> Source = new("source")
    {
        Description = "A folder, whose sub-folders are named after the persons, or a zip of one",
        HelpName = "DIR|ZIP",
    };

    private static readonly Option<bool> NoWait = new("--no-wait")
    {
        Description = "Return when everything is sent; do not wait for the jobs",
    };

    private static readonly Option<int> PartMegabytes = new Option<int>("--part-megabytes")
    {
        Description = "The largest archive of a folder, in MB. Each archive is a temporary file and becomes a job",
        HelpName = "SIZE",
        DefaultValueFactory = _ => 256,
    }.TakesWhole(1, 2048);

    private static readonly Option<string?> NameEncoding = new("--name-encoding")
    {
        Description = "The character encoding of a zip's names that are not marked as UTF-8: shift_jis, gbk, cp866",
        HelpName = "ENCODING",
    };

    public static Command Build(CommandEnvironment environment) =>
        new Command("import", "Enrol a folder or a zip of pictures; run it again to resume an interrupted import. Exit code 3 when pictures failed.")
        {
            Source, CommonOptions.Collection, NameEncoding, NoWait, PartMegabytes, CommonOptions.Patience,
        }.SetHandler(environment, RunAsync);

    private static async Task<int> RunAsync(CommandContext context)
    {
        var collection = context.Get(CommonOptions.Collection)!;
        var source = ImportSource.Open(context.Get(Source), context.Get(PartMegabytes) * 1_000_000L, context.Terminal.Remark);
        var journal = ImportJournal.Open(
            ImportJournal.DefaultFolder(context.Environment.Variable), context.Server, collection, source.Path);
        if (journal.IsResumed)
            context.Terminal.Remark("Resuming an interrupted import.");

        var status = new JobStatus
        {
            BytesToSend = source.Parts.Sum(part => part.Size),
            Pictures = source.Parts.All(part => part.Pictures is not null) ? source.Parts.Sum(part => part.Pictures) : null,
        };
        var client = context.ConnectPatiently(TimeSpan.FromSeconds(context.Get(CommonOptions.Patience)), status.Trouble);
        var import = new ImportRun(client, collection, source, context.Get(NameEncoding), journal, status);
        return await FollowAsync(context, import, collection, source, journal, status);
    }

    private static async Task<int> FollowAsync(
        CommandContext context, ImportRun import, string collection, ImportSource source, ImportJournal journal, JobStatus status)
    {
        var wait = !context.Get(NoWait);
        var began = context.Environment.Time.GetTimestamp();
        IReadOnlyList<EnrolmentJobResponse> jobs;
        try
        {
            jobs = await JobProgress.ShowAsync(context.Terminal, status, () => import.RunAsync(wait, context.Ct));
        }
        catch (Exception failure) when (failure is OperationCanceledException or HttpRequestException or TimeoutException)
        {
            SayHowToGoOn(context, import.Started);
            throw;
        }

        var result = ImportResult.Of(
            source, collection, journal.IsResumed, context.Environment.Time.GetElapsedTime(began), jobs);
        if (wait)
        {
            context.Terminal.Show(result, ImportTables.Draw);
            return JobOutcome.ExitCode(jobs);
        }

        context.Terminal.Show(result, _ => JobTables.Draw(jobs));
        context.Terminal.Remark("To follow them: facesearch jobs watch JOB, or run the same import again.");
        return ExitCode.Done;
    }

    private static void SayHowToGoOn(CommandContext context, IReadOnlyList<EnrolmentJobResponse> started)
    {
        foreach (var job in started)
            context.Terminal.RemarkRunning(job);

        context.Terminal.Remark("Run the same import again to resume; nothing is enrolled twice.");
    }
}
