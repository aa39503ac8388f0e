using FaceSearch.Application.Abstractions;
using FaceSearch.Application.Results;
using Mediator;
using Microsoft.EntityFrameworkCore;

namespace FaceSearch.Application.Jobs.Cleanup;

/// <summary>Removes an ended job with its items, its archive and the unused embeddings of a re-embedding. What the job has stored stays.</summary>
public sealed record RemoveEnrolmentJobCommand(string JobId) : ICommand<Result<Unit>>;

internal sealed class RemoveEnrolmentJobHandler(IFaceSearchDbContext db, IArchiveStore archives, ICaller caller)
    : ICommandHandler<RemoveEnrolmentJobCommand, Result<Unit>>
{
    public async ValueTask<Result<Unit>> Handle(RemoveEnrolmentJobCommand command, CancellationToken cancellationToken)
    {
        if (await db.FindJobAsync(command.JobId, caller, cancellationToken) is not { } job)
            return JobErrors.JobNotFound(command.JobId);
        if (job.IsErasure)
            return JobErrors.NotRemovable;
        if (job is { IsReembedding: true, HasEnded: true, CollectionId: { } collectionId })
            await LeftoverEmbeddings.DeleteAsync(db, collectionId, job.Id, onProgress: null, cancellationToken);

        var removed = false;
        await db.InTransactionAsync(
            async () => removed = await RemoveAsync(job.Id, cancellationToken), cancellationToken);
        if (!removed)
            return await db.EnrolmentJobs.AsNoTracking().FirstOrDefaultAsync(row => row.Id == job.Id, cancellationToken) is { } now
                ? JobErrors.JobNotEnded(now)
                : JobErrors.JobNotFound(command.JobId);

        archives.Discard(job.Id);
        return Unit.Value;
    }

    /// <summary>Locks the job first, so that it is not retried meanwhile. Its items and names go with it.</summary>
    private async Task<bool> RemoveAsync(Guid id, CancellationToken ct)
    {
        var ended = db.EnrolmentJobs.Where(row => row.Id == id && row.EndedAt != null);
        if (await ended.ExecuteUpdateAsync(set => set.SetProperty(row => row.Version, row => row.Version + 1), ct) == 0)
            return false;

        return await ended.ExecuteDeleteAsync(ct) == 1;
    }
}
