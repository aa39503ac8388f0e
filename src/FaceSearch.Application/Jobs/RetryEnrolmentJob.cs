using FaceSearch.Application.Abstractions;
using FaceSearch.Application.Results;
using FaceSearch.Domain.Enrolment;
using Mediator;
using Microsoft.EntityFrameworkCore;

namespace FaceSearch.Application.Jobs;

/// <summary>Queues an ended job again for the pictures that failed and those not reached.</summary>
public sealed record RetryEnrolmentJobCommand(string JobId) : ICommand<Result<EnrolmentJobResult>>;

internal sealed class RetryEnrolmentJobHandler(
    IFaceSearchDbContext db, IArchiveStore archives, IEnrolmentQueue queue, ICaller caller)
    : ICommandHandler<RetryEnrolmentJobCommand, Result<EnrolmentJobResult>>
{
    public async ValueTask<Result<EnrolmentJobResult>> Handle(
        RetryEnrolmentJobCommand command, CancellationToken cancellationToken)
    {
        var toLock = await FindCollectionToLockAsync(command.JobId, cancellationToken);
        Result<EnrolmentJob> retried = default;
        await db.InTransactionAsync(
            async () =>
            {
                // Before the first read: on MySQL the transaction's snapshot begins there, and must have what others queued.
                if (toLock is { } collectionId)
                    await db.LockCollectionAsync(collectionId, toChange: true, cancellationToken);
                retried = await RetryAsync(command.JobId, cancellationToken);
                return retried.IsSuccess;
            },
            cancellationToken);
        if (retried.Error is { } error)
            return error;

        queue.NotifyChanged();
        return await EnrolmentJobResult.FindAsync(db, retried.Value.Id, cancellationToken) is { } result
            ? result
            : JobErrors.JobNotFound(command.JobId);
    }

    /// <summary>The collection of a job of which only one may be unfinished per collection; null for other jobs.</summary>
    private async Task<long?> FindCollectionToLockAsync(string jobId, CancellationToken ct) => Guid.TryParse(jobId, out var id)
        ? await db.EnrolmentJobs
            .Where(job => job.Id == id && job.Kind != EnrolmentJobKind.Archive && job.Kind != EnrolmentJobKind.CollectionImport)
            .Select(job => job.CollectionId).FirstOrDefaultAsync(ct)
        : null;

    private async Task<Result<EnrolmentJob>> RetryAsync(string jobId, CancellationToken ct)
    {
        if (await db.FindJobAsync(jobId, caller, ct) is not { } job)
            return JobErrors.JobNotFound(jobId);
        if (!job.HasEnded)
            return JobErrors.JobNotEnded(job);
        if (job.State == EnrolmentJobState.Succeeded && !job.CanRetryFailed)
            return JobErrors.NothingToRetry;
        var refused = job.IsReembedding
            ? await db.FindReasonNotToReembedAsync(job, ct)
            : job.Kind == EnrolmentJobKind.Calibration ? await db.FindReasonNotToCalibrateAsync(job, ct)
            : job.IsErasure || (archives.Has(job.Id) && !job.DropsArchive) ? null : JobErrors.ArchiveGone;
        if (refused is not null)
            return refused;

        if (job.CanRetryFailed)
            await db.EnrolmentItems
                .Where(item => item.JobId == job.Id && item.Outcome == EnrolmentOutcome.Failed)
                .ExecuteDeleteAsync(ct);
        job.Retry();
        if (await db.TrySaveChangesAsync(ct))
            return job;

        // Another client has removed or retried the job meanwhile.
        return await db.FindJobAsync(jobId, caller, ct) is { } now ? JobErrors.JobNotEnded(now) : JobErrors.JobNotFound(jobId);
    }
}
