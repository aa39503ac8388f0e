using FaceSearch.Client;

namespace FaceSearch.Cli.Jobs;

internal static class JobOutcome
{
    /// <summary>A stopped job is an error; failed pictures and lost external ids give exit code <c>3</c>.</summary>
    public static int ExitCode(IReadOnlyList<EnrolmentJobResponse> jobs) =>
        jobs.Any(job => job.State is EnrolmentJobState.Failed or EnrolmentJobState.Cancelled) ? CommandLine.ExitCode.Error
        : jobs.Any(job => job.Failed > 0 || job.Import?.ExternalIdConflictCount > 0) ? CommandLine.ExitCode.Partial
        : CommandLine.ExitCode.Done;
}
