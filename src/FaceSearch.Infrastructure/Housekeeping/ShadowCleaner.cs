using FaceSearch.Application.Abstractions;
using FaceSearch.Domain.Enrolment;
using Microsoft.EntityFrameworkCore;

namespace FaceSearch.Infrastructure.Housekeeping;

/// <summary>Deletes the embeddings of failed re-embeddings whose retry period is over.</summary>
internal static class ShadowCleaner
{
    private const int DeletedAtOnce = 1000;

    /// <param name="until">Of the jobs that ended before this time.</param>
    public static async Task CleanAsync(IFaceSearchDbContext db, DateTime until, CancellationToken ct)
    {
        var over = await db.EnrolmentJobs.AsNoTracking()
            .Where(job => job.State == EnrolmentJobState.Failed || job.State == EnrolmentJobState.Cancelled)
            .Where(job => job.Model != null && job.EndedAt <= until)
            .Where(job => db.ShadowEmbeddings.Any(shadow => shadow.JobId == job.Id))
            .Select(job => job.Id)
            .ToListAsync(ct);
        foreach (var jobId in over)
            await ForgetAsync(db, jobId, ct);
    }

    /// <summary>In small batches: a large transaction would block other requests.</summary>
    private static async Task ForgetAsync(IFaceSearchDbContext db, Guid jobId, CancellationToken ct)
    {
        while (await db.ShadowEmbeddings.Where(shadow => shadow.JobId == jobId)
            .OrderBy(shadow => shadow.FaceId).Select(shadow => shadow.FaceId).Take(DeletedAtOnce).ToListAsync(ct)
            is [_, ..] faceIds)
        {
            await db.ShadowEmbeddings
                .Where(shadow => shadow.JobId == jobId && faceIds.Contains(shadow.FaceId))
                .ExecuteDeleteAsync(ct);
        }
    }
}
