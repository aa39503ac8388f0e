using FaceSearch.Application.Abstractions;
using FaceSearch.Application.Results;
using Mediator;
using Microsoft.EntityFrameworkCore;

namespace FaceSearch.Application.Idempotency;

/// <summary>Deletes expired answers. Returns the number of deleted answers.</summary>
public sealed record PruneIdempotentRequestsCommand : ICommand<Result<int>>;

internal sealed class PruneIdempotentRequestsHandler(IFaceSearchDbContext db, TimeProvider time)
    : ICommandHandler<PruneIdempotentRequestsCommand, Result<int>>
{
    public async ValueTask<Result<int>> Handle(
        PruneIdempotentRequestsCommand command, CancellationToken cancellationToken)
    {
        var old = time.GetUtcNow().UtcDateTime - IdempotencyStore.Retention;
        return await db.IdempotentRequests.Where(request => request.CreatedAt < old).ExecuteDeleteAsync(cancellationToken);
    }
}
