using System.CommandLine;
using FaceSearch.Cli.CommandLine;
using FaceSearch.Cli.Execution;
using FaceSearch.Cli.Jobs;
using FaceSearch.Client;
using Nerdbank.Streams;

namespace FaceSearch.Cli.Collections;

/// <summary><c>facesearch import-collection</c>: sends an export and waits for the job that imports it.</summary>
internal static class ImportCollectionCommand
{
    private static readonly Argument<string> Source = new("file") { Description = "A zip that 'export' has written" };

    public static Command Build(CommandEnvironment environment) =>
        new Command("import-collection", "Import an exported collection; a missing collection is created.")
        {
            Source, CommonOptions.Collection, CommonOptions.Patience,
        }.SetHandler(environment, RunAsync);

    private static async Task<int> RunAsync(CommandContext context)
    {
        var source = Path.GetFullPath(context.Get(Source));
        if (!File.Exists(source))
            throw new CliException($"There is no file {source}.");

        await ExportFile.VerifyAsync(source, context.Ct);
        var status = new JobStatus { BytesToSend = new FileInfo(source).Length };
        var client = context.ConnectPatiently(TimeSpan.FromSeconds(context.Get(CommonOptions.Patience)), status.Trouble);
        EnrolmentJobResponse? started = null;
        try
        {
            var ended = await JobProgress.ShowAsync(context.Terminal, status, async () =>
            {
                started = await SendAsync(context, client, source, status);
                return await new JobWatch(client, status).UntilEndedAsync(started, context.Ct);
            });
            context.Terminal.Show(ended, JobTables.Draw);
            return JobOutcome.ExitCode([ended]);
        }
        catch (Exception failure) when (failure is OperationCanceledException or HttpRequestException or TimeoutException)
        {
            if (started is not null)
            {
                context.Terminal.RemarkRunning(started);
                context.Terminal.Remark($"To follow it: facesearch jobs watch {started.JobId}");
            }

            throw;
        }
    }

    private static async Task<EnrolmentJobResponse> SendAsync(
        CommandContext context, FaceSearchClient client, string source, JobStatus status)
    {
        await using var file = File.OpenRead(source);
        await using var counted = new MonitoringStream(file);
        counted.DidReadAny += (_, _) => status.Sent(file.Position);
        return await client.ImportCollectionAsync(
            context.Get(CommonOptions.Collection)!,
            file: new FileParameter(counted, Path.GetFileName(source), "application/zip"),
            cancellationToken: context.Ct);
    }
}
