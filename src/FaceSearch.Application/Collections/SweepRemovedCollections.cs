using FaceSearch.Application.Abstractions;
using FaceSearch.Application.Erasure;
using FaceSearch.Application.Results;
using FaceSearch.Domain.Collections;
using Mediator;
using Microsoft.EntityFrameworkCore;

namespace FaceSearch.Application.Collections;

/// <summary>Completes interrupted removals. Returns the number of collections.</summary>
public sealed record SweepRemovedCollectionsCommand : ICommand<Result<int>>;

internal sealed class SweepRemovedCollectionsHandler(IFaceSearchDbContext db, CollectionEraser eraser)
    : ICommandHandler<SweepRemovedCollectionsCommand, Result<int>>
{
    public async ValueTask<Result<int>> Handle(
        SweepRemovedCollectionsCommand command, CancellationToken cancellationToken)
    {
        var removed = await db.Collections.AsNoTracking()
            .Where(collection => collection.Name.StartsWith(Collection.RemovedPrefix))
            .Select(collection => collection.Id)
            .ToListAsync(cancellationToken);
        foreach (var id in removed)
            await eraser.EraseAsync(id, cancellationToken);

        return removed.Count;
    }
}
