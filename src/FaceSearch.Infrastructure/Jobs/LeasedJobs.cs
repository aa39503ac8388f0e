using FaceSearch.Application.Abstractions;
using FaceSearch.Application.Enrolment;
using FaceSearch.Domain.Enrolment;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace FaceSearch.Infrastructure.Jobs;

/// <summary>The jobs that this process owns. A job is not changed after another process has taken it over.</summary>
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
    public async Task<EnrolmentJob> FindAsync(IFaceSearchDbContext db, Guid jobId, CancellationToken ct)
    {
        var job = await db.EnrolmentJobs.SingleOrDefaultAsync(j => j.Id == jobId, ct);
        return job?.Owner == queue.Owner ? job : throw new JobLostException();
    }

    /// <summary>As <see cref="FindAsync"/>, for a job that is to continue.</summary>
    /// <exception cref="JobCancelledException">A client has cancelled the job.</exception>
    public async Task<EnrolmentJob> FindRunnableAsync(IFaceSearchDbContext db, Guid jobId, CancellationToken ct)
    {
        var job = await FindAsync(db, jobId, ct);
        return job.CancelRequested ? throw new JobCancelledException() : job;
    }

    /// <exception cref="JobLostException">Another process owns the job now.</exception>
    public static async Task SaveAsync(IFaceSearchDbContext db, CancellationToken ct)
    {
        if (!await db.TrySaveChangesAsync(ct))
            throw new JobLostException();
    }

    public Task StopAsync(Guid jobId, CancellationToken ct) => EndAsync(jobId, job => job.Stop(Now), ct);

    public Task FailAsync(Guid jobId, string code, string why, CancellationToken ct) =>
        EndAsync(jobId, job => job.Fail(code, why, Now), ct);

    public async Task EndAsync(Guid jobId, Action<EnrolmentJob> end, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<IFaceSearchDbContext>();
        var job = await FindAsync(db, jobId, ct);
        end(job);
        await SaveAsync(db, ct);
        LogEnd(job);

        var leftNothing = job.State == EnrolmentJobState.Succeeded && job.Failed == 0;
        if (!job.IsReembedding && (leftNothing || options.Value.KeepArchivesHours == 0))
            archives.Discard(jobId);
    }

    public void LogEnd(EnrolmentJob job) =>
        LogEnded(logger, job.Id, job.State, job.Inserted, job.Duplicates, job.Failed, job.Skipped);

    [LoggerMessage(EventId = 3000, Level = LogLevel.Information,
        Message = "Job {JobId} {State}: {Inserted} inserted, {Duplicates} duplicates, {Failed} failed, {Skipped} skipped")]
    private static partial void LogEnded(
        ILogger logger, Guid jobId, EnrolmentJobState state, int inserted, int duplicates, int failed, int skipped);
}
