using FaceSearch.Application.Abstractions;
using FaceSearch.Application.Results;
using FaceSearch.Domain.Enrolment;
using Mediator;
using Microsoft.EntityFrameworkCore;

namespace FaceSearch.Application.Erasure;

/// <summary>
/// Deletes the tombstones of faces after 30 days. Servers read them within seconds; an index from a snapshot is compared
/// with the database. Returns the number of deleted tombstones.
/// </summary>
public sealed record PruneFaceRemovalsCommand : ICommand<Result<int>>
{
    public static readonly TimeSpan Kept = TimeSpan.FromDays(30);
}

internal sealed class PruneFaceRemovalsHandler(IFaceSearchDbContext db, TimeProvider time)
    : ICommandHandler<PruneFaceRemovalsCommand, Result<int>>
{
    private const int BatchSize = 1000;

    /// <summary>An erasure reads the tombstones from a second before its creation.</summary>
    private static readonly TimeSpan Margin = TimeSpan.FromMinutes(1);

    public async ValueTask<Result<int>> Handle(PruneFaceRemovalsCommand command, CancellationToken cancellationToken)
    {
        var old = time.GetUtcNow().UtcDateTime - PruneFaceRemovalsCommand.Kept;
        if (await FindOldestErasureAsync(cancellationToken) is { } erasure && erasure - Margin < old)
            old = erasure - Margin;

        // In the order of their ids, which is nearly that of their times and needs no index.
        for (var pruned = 0; ;)
        {
            var first = await db.FaceRemovals.OrderBy(row => row.Id).Take(BatchSize)
                .Select(row => new { row.Id, row.RemovedAt }).ToListAsync(cancellationToken);
            long[] ids = [.. first.Where(row => row.RemovedAt < old).Select(row => row.Id)];
            if (ids.Length == 0)
                return pruned;

            pruned += await db.FaceRemovals.Where(row => ids.Contains(row.Id)).ExecuteDeleteAsync(cancellationToken);
            if (ids.Length < BatchSize)
                return pruned;
        }
    }

    /// <summary>When the oldest unfinished erasure was created: it still needs its tombstones.</summary>
    private Task<DateTime?> FindOldestErasureAsync(CancellationToken ct) => db.EnrolmentJobs.Unfinished()
        .Where(job => job.Kind == EnrolmentJobKind.PersonErasure || job.Kind == EnrolmentJobKind.FaceRemoval)
        .MinAsync(job => (DateTime?)job.CreatedAt, ct);
}
