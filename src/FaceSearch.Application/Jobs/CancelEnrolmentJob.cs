using FaceSearch.Application.Abstractions;
using FaceSearch.Application.Results;
using FaceSearch.Domain.Enrolment;
using Mediator;

namespace FaceSearch.Application.Jobs;

/// <summary>
/// Ends a queued job at once and a running one at its next batch. Enrolled faces stay. A cancelled job can be retried
/// and continues where it stopped.
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
}
