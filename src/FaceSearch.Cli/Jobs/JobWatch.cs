using FaceSearch.Cli.Output;
using FaceSearch.Client;

namespace FaceSearch.Cli.Jobs;

/// <summary>Polls jobs until they have ended, and updates the status. Polls of several jobs may run at the same time.</summary>
internal sealed class JobWatch(FaceSearchClient client, JobStatus status)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(300);

    /// <inheritdoc cref="UntilEndedAsync(EnrolmentJobResponse, CancellationToken)"/>
    public async Task<EnrolmentJobResponse> UntilEndedAsync(string jobId, CancellationToken ct) =>
        await UntilEndedAsync(await client.GetJobAsync(jobId, ct), ct);

    /// <returns>The job's last state.</returns>
    public async Task<EnrolmentJobResponse> UntilEndedAsync(EnrolmentJobResponse job, CancellationToken ct)
    {
        status.Tell(job);
        while (!job.HasEnded())
        {
            await Task.Delay(Pause, ct);
            job = await client.GetJobAsync($"{job.JobId}", ct);
            status.Tell(job);
        }

        return job;
    }
}

internal static class JobExtensions
{
    /// <summary>Says that the job continues without this command; nothing when it has ended.</summary>
    public static void RemarkRunning(this Terminal terminal, EnrolmentJobResponse job)
    {
        if (!job.HasEnded())
            terminal.Remark($"Job {job.JobId} continues at the server. To stop it: facesearch jobs cancel {job.JobId}");
    }

    public static bool HasEnded(this EnrolmentJobResponse job) =>
        job.State is EnrolmentJobState.Succeeded or EnrolmentJobState.Failed or EnrolmentJobState.Cancelled;
}
