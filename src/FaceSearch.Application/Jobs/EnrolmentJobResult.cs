using FaceSearch.Application.Abstractions;
using FaceSearch.Domain.Enrolment;
using Microsoft.EntityFrameworkCore;

namespace FaceSearch.Application.Jobs;

/// <summary>A job as committed, so its counts never exceed the stored data.</summary>
/// <param name="Collection">The collection's name.</param>
/// <param name="Model">The model that embeds the job's faces.</param>
/// <param name="Failures">The first <see cref="MaxFailures"/> pictures that failed, in the archive's order.</param>
/// <param name="Import">What an import has stored; null for other kinds.</param>
public sealed record EnrolmentJobResult(
    EnrolmentJob Job, string Collection, string Model, IReadOnlyList<EnrolmentItem> Failures, ImportResult? Import = null)
{
    public const int MaxFailures = 1000;

    internal static async Task<EnrolmentJobResult?> FindAsync(
        IFaceSearchDbContext db, Guid jobId, CancellationToken ct)
    {
        if (await db.EnrolmentJobs.AsNoTracking().FirstOrDefaultAsync(job => job.Id == jobId, ct) is not { } found)
            return null;

        var collection = await db.Collections.AsNoTracking().FirstOrDefaultAsync(c => c.Id == found.CollectionId, ct);

        var failures = await db.EnrolmentItems.AsNoTracking()
            .Where(item => item.JobId == jobId && item.Outcome == EnrolmentOutcome.Failed)
            .OrderBy(item => item.Position)
            .Take(MaxFailures)
            .ToListAsync(ct);
        return Of(found, collection?.Name, collection?.Model, failures) with
        {
            Import = found.Kind == EnrolmentJobKind.CollectionImport ? await ImportResult.FindAsync(db, found, ct) : null,
        };
    }

    /// <param name="name">Of the collection; null when it does not exist yet.</param>
    internal static EnrolmentJobResult Of(
        EnrolmentJob job, string? name, string? model, IReadOnlyList<EnrolmentItem> failures) => new(
        job,
        name ?? job.CollectionName ?? string.Empty,
        job.Model ?? model ?? string.Empty,
        failures,
        job.Kind == EnrolmentJobKind.CollectionImport ? ImportResult.Of(job) : null);
}

internal static class EnrolmentJobLookup
{
    /// <summary>
    /// A caller that knows a job's id may follow it, within the key's collections. A job without a collection, for an import
    /// that has not created it or a removal, is open to the key that started it and to keys for all collections.
    /// </summary>
    public static bool MayUse(this ICaller caller, EnrolmentJob job) => job.CollectionId is { } id
        ? caller.MayUse(id)
        : caller.Collections is null || (job.StartedBy is { } key && key == caller.KeyId);

    /// <summary>
    /// Null when the text is not an id, the job does not exist, or the caller's key may not use its collection.
    /// </summary>
    public static async Task<EnrolmentJob?> FindJobAsync(
        this IFaceSearchDbContext db, string jobId, ICaller caller, CancellationToken ct)
    {
        var job = Guid.TryParse(jobId, out var id)
            ? await db.EnrolmentJobs.FirstOrDefaultAsync(job => job.Id == id, ct)
            : null;
        return job is not null && caller.MayUse(job) ? job : null;
    }
}
