using FaceSearch.Application.Abstractions;
using FaceSearch.Application.Enrolment;
using FaceSearch.Domain.Enrolment;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace FaceSearch.Infrastructure.Jobs;

/// <summary>The jobs that this process runs. A job is not changed after another process has taken it over.</summary>
internal sealed partial class LeasedJobs(
    DatabaseEnrolmentQueue queue,
    IArchiveStore archives,
    IServiceScopeFactory scopes,
    IOptions<EnrolmentOptions> options,
    TimeProvider time,
    ILogger<LeasedJobs> logger)
{
    public DateTime Now => time.GetUtcNow().UtcDateTime;

    /// <exception cref="JobLostException">Another process owns the job, or it was deleted.</exception>
    public static async Task<EnrolmentJob> FindAsync(IFaceSearchDbContext db, JobRun run, CancellationToken ct)
    {
        var job = await db.EnrolmentJobs.SingleOrDefaultAsync(j => j.Id == run.JobId, ct);
        return job?.Owner == run.Owner ? job : throw new JobLostException();
    }

    /// <summary>As <see cref="FindAsync"/>, for a job that is to continue.</summary>
    /// <exception cref="JobCancelledException">A client has cancelled the job.</exception>
    public static async Task<EnrolmentJob> FindRunnableAsync(IFaceSearchDbContext db, JobRun run, CancellationToken ct)
    {
        var job = await FindAsync(db, run, ct);
        return job.CancelRequested ? throw new JobCancelledException() : job;
    }

    /// <exception cref="JobLostException">Another process owns the job now.</exception>
    public static async Task SaveAsync(IFaceSearchDbContext db, CancellationToken ct)
    {
        if (!await db.TrySaveChangesAsync(ct))
            throw new JobLostException();
    }

    public Task StopAsync(JobRun run, CancellationToken ct) => EndAsync(run, job => job.Stop(Now), ct);

    public Task FailAsync(JobRun run, string code, string why, CancellationToken ct) =>
        EndAsync(run, job => job.Fail(code, why, Now), ct);

    public async Task EndAsync(JobRun run, Action<EnrolmentJob> end, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<IFaceSearchDbContext>();
        var job = await FindAsync(db, run, ct);
        end(job);
        await SaveAsync(db, ct);
        LogEnd(job);

        var leftNothing = job.State == EnrolmentJobState.Succeeded && !job.CanRetryFailed;
        if (job.HasArchive && (leftNothing || job.DropsArchive || options.Value.KeepArchivesHours == 0))
            archives.Discard(run.JobId);
    }

    /// <summary>Returns a job whose run was interrupted without a failure: no attempt is counted, and it is due at once.</summary>
    public async Task ReturnAsync(JobRun run, CancellationToken ct)
    {
        var job = await ReadAsync(run, ct);
        await ReleaseAsync(run, new JobRelease(Math.Max(0, job.Attempts - 1), job.Waits, job.LastError, TimeSpan.Zero), ct);
    }

    /// <summary>
    /// Returns a job whose attempt failed, with a delay; fails the job when that was the last attempt.
    /// </summary>
    /// <param name="error">An exception's type or a code.</param>
    /// <param name="isEndless">The job is attempted until it succeeds.</param>
    /// <returns>Whether the job has failed.</returns>
    public async Task<bool> FailAttemptAsync(JobRun run, string error, bool isEndless, CancellationToken ct)
    {
        var job = await ReadAsync(run, ct);
        if (job.Attempts < JobRetries.MaxAttempts || isEndless)
        {
            var delay = JobRetries.DelayAfter(job.Attempts);
            await ReleaseAsync(run, new JobRelease(job.Attempts, job.Waits, error, delay), ct);
            return false;
        }

        await EndAsync(run, row => row.Break(error, "The job failed three times. See the server log.", Now), ct);
        return true;
    }

    /// <summary>
    /// As <see cref="FailAttemptAsync"/>, when the database or the upload folder was unavailable. It has an own, larger limit.
    /// </summary>
    public async Task<bool> WaitForStorageAsync(JobRun run, bool isEndless, CancellationToken ct)
    {
        var job = await ReadAsync(run, ct);
        var waits = job.Waits + 1;
        if (waits < JobRetries.MaxWaits || isEndless)
        {
            var release = new JobRelease(
                Math.Max(0, job.Attempts - 1), waits, JobRetries.Unavailable, JobRetries.DelayAfter(waits));
            await ReleaseAsync(run, release, ct);
            return false;
        }

        const string Why = "The database refused the job's data repeatedly, or the upload folder is missing. See the server log.";
        await EndAsync(run, row => row.Break(JobRetries.Unavailable, Why, Now), ct);
        return true;
    }

    public void LogEnd(EnrolmentJob job) =>
        LogEnded(logger, job.Id, job.State, job.Inserted, job.Duplicates, job.Failed, job.Skipped);

    private async Task<EnrolmentJob> ReadAsync(JobRun run, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        return await FindAsync(scope.ServiceProvider.GetRequiredService<IFaceSearchDbContext>(), run, ct);
    }

    private async Task ReleaseAsync(JobRun run, JobRelease release, CancellationToken ct)
    {
        if (!await queue.ReleaseAsync(run, release, ct))
            throw new JobLostException();
    }

    [LoggerMessage(EventId = 3000, Level = LogLevel.Information,
        Message = "Job {JobId} {State}: {Inserted} inserted, {Duplicates} duplicates, {Failed} failed, {Skipped} skipped")]
    private static partial void LogEnded(
        ILogger logger, Guid jobId, EnrolmentJobState state, int inserted, int duplicates, int failed, int skipped);
}
