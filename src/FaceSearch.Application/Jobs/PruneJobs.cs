using FaceSearch.Application.Abstractions;
using FaceSearch.Application.Results;
using FaceSearch.Domain.Enrolment;
using Mediator;
using Microsoft.EntityFrameworkCore;

namespace FaceSearch.Application.Jobs;

/// <summary>
/// Deletes the items of ended jobs after 90 days, or later if their archives are kept longer, and the ended jobs of
/// removals and calibrations after 30 days. Jobs of persons' erasures stay: they have the receipts. Returns the number of
/// deleted rows.
/// </summary>
/// <param name="ArchivesKept">
/// How long the archive of an ended job is kept. An erasure finds a person's archives by the items.
/// </param>
public sealed record PruneJobsCommand(TimeSpan ArchivesKept) : ICommand<Result<int>>
{
    public static readonly TimeSpan ItemsKept = TimeSpan.FromDays(90);

    public static readonly TimeSpan DutiesKept = TimeSpan.FromDays(30);
}

internal sealed class PruneJobsHandler(IFaceSearchDbContext db, TimeProvider time)
    : ICommandHandler<PruneJobsCommand, Result<int>>
{
    private const int BatchSize = 1000;

    /// <summary>The cleaner of the archives comes every ten minutes.</summary>
    private static readonly TimeSpan Margin = TimeSpan.FromDays(1);

    private static readonly EnrolmentJobKind[] Duties =
        [EnrolmentJobKind.FaceRemoval, EnrolmentJobKind.CollectionRemoval, EnrolmentJobKind.Calibration];

    public async ValueTask<Result<int>> Handle(PruneJobsCommand command, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow().UtcDateTime;
        var afterArchives = command.ArchivesKept + Margin;
        var itemsKept = afterArchives > PruneJobsCommand.ItemsKept ? afterArchives : PruneJobsCommand.ItemsKept;
        return await PruneItemsAsync(now - itemsKept, cancellationToken)
            + await PruneDutiesAsync(now - PruneJobsCommand.DutiesKept, cancellationToken);
    }

    private async Task<int> PruneItemsAsync(DateTime old, CancellationToken ct)
    {
        var ended = EndedBefore(old);
        var jobIds = await ended.Where(job => db.EnrolmentItems.Any(item => item.JobId == job.Id))
            .Select(job => job.Id).ToListAsync(ct);
        var pruned = 0;
        foreach (var jobId in jobIds)
        {
            // A job that is retried meanwhile keeps its items.
            var items = db.EnrolmentItems.Where(item => item.JobId == jobId && ended.Any(job => job.Id == jobId));
            while (await items.MinAsync(item => (int?)item.Position, ct) is { } first)
                pruned += await items.Where(item => item.Position < first + BatchSize).ExecuteDeleteAsync(ct);
        }

        return pruned;
    }

    private async Task<int> PruneDutiesAsync(DateTime old, CancellationToken ct)
    {
        for (var pruned = 0; ;)
        {
            var ids = await EndedBefore(old).Where(job => Duties.Contains(job.Kind))
                .OrderBy(job => job.Id).Select(job => job.Id).Take(BatchSize).ToListAsync(ct);
            if (ids.Count == 0)
                return pruned;

            pruned += await db.EnrolmentJobs.Where(job => ids.Contains(job.Id)).ExecuteDeleteAsync(ct);
        }
    }

    private IQueryable<EnrolmentJob> EndedBefore(DateTime old) => db.EnrolmentJobs.Where(job => job.EndedAt < old);
}
