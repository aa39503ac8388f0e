using FaceSearch.Application.Abstractions;
using FaceSearch.Application.Jobs.Cleanup;
using FaceSearch.Domain.Enrolment;
using Microsoft.EntityFrameworkCore;

namespace FaceSearch.Infrastructure.Housekeeping;

/// <summary>Deletes the embeddings that failed and cancelled re-embeddings have left, when their retry period is over.</summary>
internal static class EmbeddingCleaner
{
    /// <param name="until">Of the jobs that ended before this time.</param>
    public static async Task CleanAsync(IFaceSearchDbContext db, DateTime until, CancellationToken ct)
    {
        var over = LeftoverEmbeddings.Claims(db).Where(
            job => job.EndedAt <= until
                && (job.State == EnrolmentJobState.Failed || job.State == EnrolmentJobState.Cancelled));
        foreach (var job in await over.Select(job => new { job.Id, job.CollectionId }).ToListAsync(ct))
        {
            await LeftoverEmbeddings.DeleteAsync(db, job.CollectionId!.Value, job.Id, onProgress: null, ct);

            // A job that was retried meanwhile has not ended.
            await over.Where(row => row.Id == job.Id)
                .ExecuteUpdateAsync(set => set.SetProperty(row => row.EmbeddingsDropped, true), ct);
        }
    }
}
