using FaceSearch.Application.Abstractions;
using FaceSearch.Application.Results;
using FaceSearch.Domain.Enrolment;
using Mediator;
using Microsoft.EntityFrameworkCore;

namespace FaceSearch.Application.Jobs;

/// <summary>
/// Ends a queued job at once and a running one at its next batch. Enrolled faces stay. A cancelled job can be retried
/// and continues where it stopped. A re-embedding can't be cancelled after the collection has got the new model.
/// </summary>
public sealed record CancelEnrolmentJobCommand(string JobId) : ICommand<Result<EnrolmentJobResult>>;

internal sealed class CancelEnrolmentJobHandler(
    IFaceSearchDbContext db, IArchiveStore archives, IEnrolmentQueue queue, ICaller caller, TimeProvider time)
    : ICommandHandler<CancelEnrolmentJobCommand, Result<EnrolmentJobResult>>
{
    public async ValueTask<Result<EnrolmentJobResult>> Handle(
        CancelEnrolmentJobCommand command, CancellationToken cancellationToken)
    {
        EnrolmentJob? job;
        do
        {
            job = await db.FindJobAsync(command.JobId, caller, cancellationToken);
            if (job is null)
                return JobErrors.JobNotFound(command.JobId);
            if (job.HasEnded)
                return JobErrors.JobEnded(job);
            if (job.IsErasure)
                return JobErrors.NotCancellable;
            if (job.IsReembedding && await HasNewModelAsync(job, cancellationToken))
                return JobErrors.ModelChanged;

            job.Cancel(time.GetUtcNow().UtcDateTime);
        }
        while (!await db.TrySaveChangesAsync(cancellationToken));

        if (job.HasEnded && job.DropsArchive)
            archives.Discard(job.Id);
        queue.NotifyChanged();
        return await EnrolmentJobResult.FindAsync(db, job.Id, cancellationToken) is { } result
            ? result
            : JobErrors.JobNotFound(command.JobId);
    }

    /// <summary>No other job gives the collection that model meanwhile. The change of the model conflicts with a cancellation.</summary>
    private Task<bool> HasNewModelAsync(EnrolmentJob job, CancellationToken ct) =>
        db.Collections.AnyAsync(collection => collection.Id == job.CollectionId && collection.Model == job.Model, ct);
}
