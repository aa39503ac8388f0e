using FaceSearch.Application.Abstractions;
using FaceSearch.Application.Erasure;
using FaceSearch.Application.Jobs.Cleanup;
using FaceSearch.Domain.Collections;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace FaceSearch.Infrastructure.Jobs.Reembedding;

/// <summary>
/// After the change of the model: removes the faces that could not be embedded, if they are to be dropped, and deletes the
/// embeddings of the old model. All in small transactions; a restarted job continues.
/// </summary>
internal sealed class ReembeddingCleanup(LeasedJobs jobs, IServiceScopeFactory scopes)
{
    private const int FacesAtOnce = 100;

    public async Task RunAsync(JobRun run, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<IFaceSearchDbContext>();
        var job = await LeasedJobs.FindRunnableAsync(db, run, ct);
        var collection = await db.Collections.AsNoTracking().SingleOrDefaultAsync(c => c.Id == job.CollectionId, ct)
            ?? throw new JobLostException();
        if (job.DropsFailed)
            await EraseFailedAsync(run, db, scope.ServiceProvider.GetRequiredService<FaceEraser>(), collection, ct);

        await LeftoverEmbeddings.DeleteAsync(db, collection.Id, run.JobId, run.ReportProgress, ct);
        await jobs.EndAsync(run, row => row.Succeed(jobs.Now), ct);
    }

    /// <summary>No face is added to them: an enrolment stores an embedding of the collection's model.</summary>
    private static async Task EraseFailedAsync(
        JobRun run, IFaceSearchDbContext db, FaceEraser eraser, Collection collection, CancellationToken ct)
    {
        var last = 0L;
        while (await db.Faces
            .Where(face => face.CollectionId == collection.Id && face.Id > last)
            .Where(face => !face.Embeddings.Any(of => of.Model == collection.Model))
            .OrderBy(face => face.Id).Select(face => face.Id).Take(FacesAtOnce).ToListAsync(ct)
            is [_, ..] faceIds)
        {
            await eraser.EraseFacesAsync(collection.Id, collection.Name, faceIds, run.JobId, AdvanceAsync, ct);
            last = faceIds[^1];
            run.ReportProgress();
        }

        async Task AdvanceAsync()
        {
            (await LeasedJobs.FindRunnableAsync(db, run, ct)).Advance();
            await LeasedJobs.SaveAsync(db, ct);
        }
    }
}
