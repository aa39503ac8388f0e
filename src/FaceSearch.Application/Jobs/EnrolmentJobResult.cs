using FaceSearch.Application.Abstractions;
using FaceSearch.Domain.Enrolment;
using Microsoft.EntityFrameworkCore;

namespace FaceSearch.Application.Jobs;

/// <summary>A job as committed, so its counts never exceed the stored data.</summary>
/// <param name="Collection">The collection's name.</param>
/// <param name="Model">The model that embeds the job's faces.</param>
/// <param name="Failures">The first <see cref="MaxFailures"/> pictures that failed, in the archive's order.</param>
public sealed record EnrolmentJobResult(EnrolmentJob Job, string Collection, string Model, IReadOnlyList<EnrolmentItem> Failures)
{
    public const int MaxFailures = 1000;

    internal static async Task<EnrolmentJobResult?> FindAsync(
        IFaceSearchDbContext db, Guid jobId, CancellationToken ct)
    {
        var found = await db.EnrolmentJobs.AsNoTracking()
            .Where(job => job.Id == jobId)
            .Join(db.Collections, job => job.CollectionId, c => c.Id, (job, c) => new { Job = job, c.Name, c.Model })
            .FirstOrDefaultAsync(ct);
        if (found is null)
            return null;

        var failures = await db.EnrolmentItems.AsNoTracking()
            .Where(item => item.JobId == jobId && item.Outcome == EnrolmentOutcome.Failed)
            .OrderBy(item => item.Position)
            .Take(MaxFailures)
            .ToListAsync(ct);
        return new EnrolmentJobResult(found.Job, found.Name, found.Job.Model ?? found.Model, failures);
    }
}

internal static class EnrolmentJobLookup
{
    /// <summary>
    /// Null when the text is not an id, the job does not exist, or the caller's key may not use its collection.
    /// </summary>
    public static async Task<EnrolmentJob?> FindJobAsync(
        this IFaceSearchDbContext db, string jobId, ICaller caller, CancellationToken ct)
    {
        var job = Guid.TryParse(jobId, out var id)
            ? await db.EnrolmentJobs.FirstOrDefaultAsync(job => job.Id == id, ct)
            : null;
        return job is not null && caller.MayUse(job.CollectionId) ? job : null;
    }
}
