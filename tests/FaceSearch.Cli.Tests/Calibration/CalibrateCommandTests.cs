using System.Net;
using FaceSearch.Cli.CommandLine;
using FaceSearch.Cli.Tests.Support;

namespace FaceSearch.Cli.Tests.Calibration;

internal sealed class CalibrateCommandTests
{
    private const string Result = """
        {"collection":"staff","model":"m","faceCount":2,"personCount":1,"personsWithSeveralFacesCount":1,
        "pairs":{"sameCount":1,"differentCount":0,"sampled":false},"binWidth":0.02,"sameHistogram":[1],"differentHistogram":[0],"rates":[],
        "wanted":null,"current":{"tolerance":0.6,"falseMatchRate":null,"falseNonMatchRate":0,"expectedFalseMatches":null},
        "warnings":[],"measuredAt":"2026-11-22T09:30:04Z","jobId":JOB}
        """;

    [Test]
    public async Task Calibrate_WithoutAResult_FollowsTheJob_AndAsksAgain()
    {
        var (posts, gets) = (0, 0);
        var (exitCode, output, error) = await InProcess.RunAsync(
            request => request.Method == HttpMethod.Get ? InProcess.Json(Job(gets++ == 0 ? "running" : "succeeded"))
                : posts++ == 0 ? Accepted()
                : InProcess.Json(Result.Replace("JOB", "null", StringComparison.Ordinal)),
            arguments: ["calibrate", "-c", "staff"]);

        Assert.That((exitCode, posts), Is.EqualTo((ExitCode.Partial, 2)), error);
        Assert.That(output, Does.Contain("Measured 2026-11-22 09:30:04Z."));
        Assert.That(error, Does.Contain("Calibration: 0 of 371 faces."));
    }

    [TestCase("failed", "The calibration stopped: why (job-broken")]
    [TestCase("cancelled", "The calibration was cancelled")]
    public async Task Calibrate_JobThatStops_IsAnError(string state, string message)
    {
        var (exitCode, _, error) = await InProcess.RunAsync(
            request => request.Method == HttpMethod.Get
                ? InProcess.Json(Job(state))
                : Accepted(),
            arguments: ["calibrate"]);

        Assert.That(exitCode, Is.EqualTo(ExitCode.Error));
        Assert.That(error, Does.Contain(message));
    }

    [Test]
    public async Task Calibrate_OldResult_SaysThatAJobMeasuresAgain()
    {
        var (_, output, _) = await InProcess.RunAsync(
            _ => InProcess.Json(Result.Replace("JOB", "\"0199c7a2-6f0e-7d4b-9a53-1c2f4be0a7d1\"", StringComparison.Ordinal)),
            arguments: ["calibrate"]);

        Assert.That(output, Does.Contain("job 0199c7a2-6f0e-7d4b-9a53-1c2f4be0a7d1 measures again"));
    }

    private static HttpResponseMessage Accepted() => new(HttpStatusCode.Accepted)
    {
        Headers = { Location = new Uri("/v1/jobs/0199c7a2-6f0e-7d4b-9a53-1c2f4be0a7d1", UriKind.Relative) },
    };

    private static string Job(string state) => $$"""
        {"jobId":"0199c7a2-6f0e-7d4b-9a53-1c2f4be0a7d1","kind":"calibration","collection":"staff","state":"{{state}}",
        "cancelRequested":false,"total":371,"done":0,"inserted":0,"duplicates":0,"failed":0,"skipped":0,"failures":[],
        "model":"m","createdAt":"2026-11-22T09:30:00Z","failureCode":"job-broken","failure":"why","attempts":1}
        """;
}
