using FaceSearch.Application.Abstractions;
using FaceSearch.Application.Results;
using Mediator;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace FaceSearch.Application.Audit;

/// <summary>Deletes expired entries in batches. Returns the number of deleted entries.</summary>
public sealed record PruneAuditEntriesCommand : ICommand<Result<int>>;

internal sealed class PruneAuditEntriesHandler(IFaceSearchDbContext db, IOptions<AuditOptions> options, TimeProvider time)
    : ICommandHandler<PruneAuditEntriesCommand, Result<int>>
{
    private const int BatchSize = 1000;

    public async ValueTask<Result<int>> Handle(PruneAuditEntriesCommand command, CancellationToken cancellationToken)
    {
        if (options.Value.KeepDays == 0)
            return 0;

        var old = time.GetUtcNow().UtcDateTime.AddDays(-options.Value.KeepDays);
        for (var pruned = 0; ;)
        {
            var ids = await db.AuditEntries
                .Where(entry => entry.At < old)
                .OrderBy(entry => entry.At)
                .Select(entry => entry.Id)
                .Take(BatchSize)
                .ToListAsync(cancellationToken);
            if (ids.Count == 0)
                return pruned;

            pruned += await db.AuditEntries.Where(entry => ids.Contains(entry.Id)).ExecuteDeleteAsync(cancellationToken);
        }
    }
}
