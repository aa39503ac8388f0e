using System.CommandLine;
using System.Globalization;
using FaceSearch.Cli.CommandLine;
using FaceSearch.Cli.Execution;
using FaceSearch.Cli.Jobs;
using FaceSearch.Cli.Output;
using FaceSearch.Client;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace FaceSearch.Cli.Calibration;

/// <summary><c>facesearch calibrate</c>: which tolerance suits a collection, measured on its own faces.</summary>
internal static class CalibrateCommand
{
    private const int StatusAccepted = 202;

    private static readonly Option<double?> FalseMatchRate = new Option<double?>("--false-match-rate", "-f")
    {
        Description = "How often two different persons may match at most: 0.001 is once in a thousand pairs",
        HelpName = "SHARE",
    }.TakesFraction();

    private static readonly Option<int> Steps = new Option<int>("--steps")
    {
        Description = "Rows of the table",
        HelpName = "COUNT",
        DefaultValueFactory = _ => 16,
    }.TakesWhole(1, 400);

    public static Command Build(CommandEnvironment environment) =>
        new Command("calibrate", "Which tolerance suits a collection; exit code 3 when no tolerance is within the rate.")
        {
            CommonOptions.Collection, FalseMatchRate, Steps,
        }.SetHandler(environment, RunAsync);

    private static async Task<int> RunAsync(CommandContext context)
    {
        while (true)
        {
            try
            {
                var found = await context.Client.CalibrateCollectionAsync(
                    context.Get(CommonOptions.Collection)!,
                    falseMatchRate: context.Get(FalseMatchRate),
                    steps: context.Get(Steps),
                    cancellationToken: context.Ct);
                context.Terminal.Show(found, Draw);
                return found.Wanted is null ? ExitCode.Partial : ExitCode.Done;
            }
            catch (FaceSearchException accepted) when (accepted.StatusCode == StatusAccepted)
            {
                await WaitAsync(context, accepted.Headers["Location"].Single().Split('/')[^1]);
            }
        }
    }

    /// <summary>There is no result yet: follows the job that measures it.</summary>
    private static async Task WaitAsync(CommandContext context, string jobId)
    {
        var status = new JobStatus();
        var ended = await JobProgress.ShowAsync(
            context.Terminal, status, () => new JobWatch(context.Client, status).UntilEndedAsync(jobId, context.Ct));
        if (ended.State == EnrolmentJobState.Cancelled)
            throw new CliException($"The calibration was cancelled (job {ended.JobId}).");
        if (ended.State == EnrolmentJobState.Failed)
            throw new CliException($"The calibration stopped: {ended.Failure} ({ended.FailureCode}, job {ended.JobId})");
    }

    private static Rows Draw(CalibrationResponse found)
    {
        var rates = Tables.New(">tolerance", ">strangers match", ">same not found", ">false matches a search", "");
        foreach (var rate in found.Rates.Append(found.Current).Concat(found.Wanted is null ? [] : [found.Wanted])
            .DistinctBy(rate => rate.Tolerance).OrderBy(rate => rate.Tolerance))
        {
            List<string> remarks = [];
            if (rate.Tolerance == found.Wanted?.Tolerance)
                remarks.Add("<- as wanted");
            if (rate.Tolerance == found.Current.Tolerance)
                remarks.Add("<- the server's default");
            rates.Add(
                Plain.Distance(rate.Tolerance), Share(rate.FalseMatchRate), Share(rate.FalseNonMatchRate),
                rate.ExpectedFalseMatches?.ToString("0.###", CultureInfo.InvariantCulture) ?? "-", string.Join(", ", remarks));
        }

        return Tables.Below(
            Tables.Line(
                $"Collection '{found.Collection}', model {found.Model}: {Plain.Count(found.FaceCount, "face", "faces")} of "
                + $"{Plain.Count(found.PersonCount, "person", "persons")}, {Plain.Number(found.PersonsWithSeveralFacesCount)} of them with several; "
                + $"{found.Pairs.SameCount:N0} pairs of one person, {found.Pairs.DifferentCount:N0} of two{(found.Pairs.Sampled ? " (a sample)" : "")}. "
                + $"Measured {Plain.Moment(found.MeasuredAt)}{(found.JobId is { } job ? $"; job {job} measures again" : "")}."),
            rates,
            Tables.Line(found.Wanted is { } wanted
                ? $"Search with --tolerance {Plain.Distance(Math.Floor(wanted.Tolerance * 1000) / 1000)} to stay within the rate."
                : "No tolerance is within the rate in this collection."),
            new Text(""),
            DistanceHistogram.Draw(found),
            Tables.Below([.. found.Warnings.Select(warning => (IRenderable)Tables.Line($"Note: {warning}"))]));
    }

    /// <summary>One decimal, and more for rates below one percent, which decide the tolerance.</summary>
    internal static string Share(double? share) => share switch
    {
        null => "-",
        > 0 and < 0.000001 => "<0.0001%",
        { } value => value.ToString(value < 0.01 ? "0.####%" : "0.0%", CultureInfo.InvariantCulture),
    };
}
