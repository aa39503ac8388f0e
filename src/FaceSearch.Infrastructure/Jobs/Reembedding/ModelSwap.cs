using FaceSearch.Application.Abstractions;
using FaceSearch.Application.Erasure;
using FaceSearch.Domain.Collections;
using FaceSearch.Domain.Enrolment;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace FaceSearch.Infrastructure.Jobs.Reembedding;

/// <summary>
/// Ends a re-embedding. One transaction, which blocks enrolment, replaces the old embeddings with the new ones and
/// gives the collection the new model and the next generation. If the job fails, nothing is changed.
/// </summary>
internal sealed class ModelSwap(
    LeasedJobs jobs, PictureReembedder reembedder, ShadowWriter writer, IServiceScopeFactory scopes)
{
    public const string IncompleteCode = "reembedding-incomplete";

    /// <summary>
    /// The largest number of missing faces that are embedded while enrolments are blocked. Embedding them without
    /// blocking might never finish, as more faces are enrolled meanwhile.
    /// </summary>
    private const int MostStragglers = 16;

    private const int SwitchedAtOnce = 1000;

    /// <returns>False when too many faces have been enrolled meanwhile: embed those first.</returns>
    public async Task<bool> TryEndAsync(ReembeddingTarget target, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<IFaceSearchDbContext>();
        var eraser = scope.ServiceProvider.GetRequiredService<FaceEraser>();
        return await db.InTransactionAsync(() => TryEndAsync(db, eraser, target, ct), ct);
    }

    private async Task<bool> TryEndAsync(
        IFaceSearchDbContext db, FaceEraser eraser, ReembeddingTarget target, CancellationToken ct)
    {
        // From here on enrolments wait for the lock, and see the new model after this transaction.
        var collection = await db.LockCollectionAsync(target.CollectionId, toChange: true, ct)
            ?? throw new JobLostException();
        if (target.Run.Kind == EnrolmentJobKind.ReembeddingOrRemoval)
            await eraser.InterruptJobsAsync(collection.Id, collection.Name, ct, target.JobId);
        var job = await LeasedJobs.FindRunnableAsync(db, target.Run, ct);
        if (await StoredPictures.Pending(db, target).Take(MostStragglers + 1).CountAsync(ct) > MostStragglers)
            return false;

        await EmbedLatecomersAsync(db, job, target, ct);
        var missing = await StoredPictures.WithoutEmbedding(db, target).CountAsync(ct);
        if (missing > 0 && !job.DropsFailed)
        {
            job.Fail(IncompleteCode, Explain(missing), jobs.Now);
        }
        else
        {
            if (missing > 0)
                await DropAsync(db, eraser, target, collection, ct);
            await SwitchAsync(db, target, collection, ct);
            job.Succeed(jobs.Now);
        }

        await LeasedJobs.SaveAsync(db, ct);
        jobs.LogEnd(job);
        return true;
    }

    private async Task EmbedLatecomersAsync(
        IFaceSearchDbContext db, EnrolmentJob job, ReembeddingTarget target, CancellationToken ct)
    {
        while (true)
        {
            var (pictures, _) = await StoredPictures.NextAsync(db, target, 0, MostStragglers, ct);
            if (pictures.Count == 0)
                break;

            var contents = await StoredPictures.ReadAsync(db, pictures, ct);
            await writer.AddAsync(db, job, await reembedder.RunAsync(target, pictures, contents, ct), ct);
            await LeasedJobs.SaveAsync(db, ct);
        }

        await StoredPictures.SetProgressAsync(db, job, ct);
    }

    private static async Task DropAsync(
        IFaceSearchDbContext db, FaceEraser eraser, ReembeddingTarget target, Collection collection, CancellationToken ct)
    {
        var faceIds = await StoredPictures.WithoutEmbedding(db, target).Select(face => face.Id).ToListAsync(ct);
        await eraser.EraseFacesAsync(collection.Id, collection.Name, faceIds, target.JobId, target.Run.ReportProgress, ct);
        await LeasedJobs.SaveAsync(db, ct);
    }

    private static async Task SwitchAsync(
        IFaceSearchDbContext db, ReembeddingTarget target, Collection collection, CancellationToken ct)
    {
        while (await db.ShadowEmbeddings
            .Where(shadow => shadow.JobId == target.JobId)
            .OrderBy(shadow => shadow.FaceId).Select(shadow => shadow.FaceId).Take(SwitchedAtOnce).ToListAsync(ct)
            is [_, ..] faceIds)
        {
            // By their ids: a range would lock the gaps between them and block enrolments of other collections.
            await db.Faces.Where(face => faceIds.Contains(face.Id)).ExecuteUpdateAsync(
                set => set
                    .SetProperty(face => face.Embedding, face => db.ShadowEmbeddings
                        .First(shadow => shadow.JobId == target.JobId && shadow.FaceId == face.Id).Embedding)
                    .SetProperty(face => face.Model, target.Encoder.Model)
                    .SetProperty(face => face.Version, face => face.Version + 1),
                ct);
            await db.ShadowEmbeddings
                .Where(shadow => shadow.JobId == target.JobId && faceIds.Contains(shadow.FaceId))
                .ExecuteDeleteAsync(ct);
            target.Run.ReportProgress();
        }

        await db.Collections.Where(c => c.Id == collection.Id).ExecuteUpdateAsync(
            set => set
                .SetProperty(c => c.Model, target.Encoder.Model)
                .SetProperty(c => c.Generation, collection.Generation + 1),
            ct);
    }

    private static string Explain(int missing) =>
        $"{missing} faces can't be embedded again: the job's items tell why. The collection is unchanged. "
        + "Start again with dropFailed=true to remove those faces.";
}
