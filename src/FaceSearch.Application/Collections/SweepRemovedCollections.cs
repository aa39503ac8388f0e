using FaceSearch.Application.Abstractions;
using FaceSearch.Application.Erasure;
using FaceSearch.Application.Results;
using FaceSearch.Domain.Collections;
using FaceSearch.Domain.Enrolment;
using Mediator;
using Microsoft.EntityFrameworkCore;

namespace FaceSearch.Application.Collections;

/// <summary>
/// Queues jobs for the removals that an older version began and did not end: they had no job. Returns their number.
/// </summary>
public sealed record SweepRemovedCollectionsCommand : ICommand<Result<int>>;

internal sealed class SweepRemovedCollectionsHandler(IFaceSearchDbContext db, IEnrolmentQueue queue, TimeProvider time)
    : ICommandHandler<SweepRemovedCollectionsCommand, Result<int>>
{
    public async ValueTask<Result<int>> Handle(
        SweepRemovedCollectionsCommand command, CancellationToken cancellationToken)
    {
        var removed = await db.Collections.AsNoTracking()
            .Where(collection => collection.Name.StartsWith(Collection.RemovedPrefix))
            .Where(collection => !db.EnrolmentJobs.Any(
                job => job.Kind == EnrolmentJobKind.CollectionRemoval && job.SubjectId == collection.Id))
            .ToListAsync(cancellationToken);
        db.EnrolmentJobs.AddRange(removed.Select(
            collection => CollectionEraser.NewRemoval(collection.Id, collection.Name, startedBy: null, time)));
        await db.SaveChangesAsync(cancellationToken);
        if (removed.Count > 0)
            queue.NotifyChanged();
        return removed.Count;
    }
}
