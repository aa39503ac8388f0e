using FaceSearch.Application.Abstractions;
using FaceSearch.Domain.Collections;
using FaceSearch.Domain.Enrolment;
using FaceSearch.Domain.Faces;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace FaceSearch.Infrastructure.Jobs.Reembedding;

/// <summary>
/// Gives a collection the new model, whose embeddings are stored already: one row changes. The collection's lock blocks
/// its enrolments, so the statements under the lock read and write a bounded number of rows.
/// </summary>
internal sealed class ModelSwap(
    LeasedJobs jobs, PictureReembedder reembedder, EmbeddingWriter writer, IServiceScopeFactory scopes)
{
    public const string IncompleteCode = "reembedding-incomplete";

    /// <summary>The largest number of missing faces that are embedded while enrolments are blocked.</summary>
    public const int MostStragglers = 16;

    /// <summary>The largest number of faces that are looked at while enrolments are blocked.</summary>
    private const int MostNewFaces = 1000;

    /// <summary>
    /// The collection's newest face. Every face up to it is committed and can be read: an enrolment takes the
    /// collection's lock before its faces get their ids.
    /// </summary>
    /// <returns>Its id; 0 for no face.</returns>
    public async Task<long> FindNewestAsync(ReembeddingTarget target, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<IFaceSearchDbContext>();
        var newest = 0L;
        await db.InTransactionAsync(
            async () =>
            {
                await LockAsync(db, target, ct);
                newest = await StoredPictures.After(db, target, 0)
                    .OrderByDescending(face => face.Id).Select(face => face.Id).FirstOrDefaultAsync(ct);
                return false;
            },
            ct);
        return newest;
    }

    /// <summary>Fails the job if faces can't be embedded and may not be dropped. Without the lock: it reads all faces.</summary>
    /// <param name="done">Faces up to this id were checked before.</param>
    /// <param name="newest">Faces up to this id are checked.</param>
    public async Task<bool> TryFailAsync(ReembeddingTarget target, long done, long newest, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<IFaceSearchDbContext>();
        var job = await LeasedJobs.FindRunnableAsync(db, target.Run, ct);
        var faces = StoredPictures.After(db, target, done).Where(face => face.Id <= newest);
        var hasFailed = await TryFailAsync(job, faces, target, ct);
        if (done == 0 && !hasFailed)
            await StoredPictures.SetProgressAsync(db, job, ct);

        await LeasedJobs.SaveAsync(db, ct);
        if (hasFailed)
            jobs.LogEnd(job);
        return hasFailed;
    }

    /// <param name="done">Faces up to this id have their new embeddings, or are to be dropped.</param>
    /// <param name="withStragglers">Embeds faces that are missing, if they are few.</param>
    /// <returns>
    /// True when the collection has got the new model, false when the job has failed, null when there are faces to embed
    /// first.
    /// </returns>
    public async Task<bool?> TrySwapAsync(
        ReembeddingTarget target, long done, bool withStragglers, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<IFaceSearchDbContext>();
        bool? swapped = null;
        await db.InTransactionAsync(
            async () => (swapped = await TrySwapAsync(db, target, done, withStragglers, ct)) is not null, ct);
        return swapped;
    }

    private async Task<bool?> TrySwapAsync(
        IFaceSearchDbContext db, ReembeddingTarget target, long done, bool withStragglers, CancellationToken ct)
    {
        // From here on enrolments wait for the lock, and see the new model after this transaction.
        var collection = await LockAsync(db, target, ct);
        if (collection.Model == target.Encoder.Model)
            return true; // The commit had succeeded although its answer was lost.

        var job = await LeasedJobs.FindRunnableAsync(db, target.Run, ct);
        var newer = await StoredPictures.After(db, target, done).OrderBy(face => face.Id)
            .Select(face => face.Id).Take(MostNewFaces + 1).ToListAsync(ct);
        if (newer.Count > MostNewFaces)
            return null;

        if (newer.Count > 0)
        {
            var faces = db.Faces.Where(face => newer.Contains(face.Id));
            var missing = await faces.Pending(db, target).CountAsync(ct);
            if (missing > (withStragglers ? MostStragglers : 0))
                return null;
            if (missing > 0)
                await EmbedStragglersAsync(db, job, target, done, ct);
            if (await TryFailAsync(job, faces, target, ct))
            {
                await LeasedJobs.SaveAsync(db, ct);
                jobs.LogEnd(job);
                return false;
            }
        }

        await SwapAsync(db, job, target, ct);
        return true;
    }

    private async Task EmbedStragglersAsync(
        IFaceSearchDbContext db, EnrolmentJob job, ReembeddingTarget target, long after, CancellationToken ct)
    {
        while (await StoredPictures.NextAsync(db, target, after, MostStragglers, ct) is ([_, ..] pictures, _))
        {
            var contents = await StoredPictures.ReadAsync(db, pictures, ct);
            await writer.AddAsync(
                db, job, target.Encoder.Model, await reembedder.RunAsync(target, pictures, contents, ct), ct);
            await LeasedJobs.SaveAsync(db, ct);
        }

        job.SetProgress(Math.Max(job.Total!.Value, job.Done), job.Inserted, job.Failed);
    }

    /// <summary>The job's next version lets a cancellation at the same time conflict: afterwards the job can't be cancelled.</summary>
    private static async Task SwapAsync(
        IFaceSearchDbContext db, EnrolmentJob job, ReembeddingTarget target, CancellationToken ct)
    {
        await db.Collections.Where(c => c.Id == target.CollectionId).ExecuteUpdateAsync(
            set => set.SetProperty(c => c.Model, target.Encoder.Model).SetProperty(c => c.Generation, c => c.Generation + 1),
            ct);
        job.Advance();
        await LeasedJobs.SaveAsync(db, ct);
        var own = db.EnrolmentJobs.Where(row => row.Id == job.Id && row.Owner == target.Run.Owner && !row.CancelRequested);
        if (await own.ExecuteUpdateAsync(set => set.SetProperty(row => row.Version, row => row.Version + 1), ct) == 0)
            throw new JobLostException();
    }

    private static async Task<Collection> LockAsync(
        IFaceSearchDbContext db, ReembeddingTarget target, CancellationToken ct) =>
        await db.LockCollectionAsync(target.CollectionId, toChange: true, ct) ?? throw new JobLostException();

    /// <summary>The caller saves the job.</summary>
    private async Task<bool> TryFailAsync(
        EnrolmentJob job, IQueryable<Face> faces, ReembeddingTarget target, CancellationToken ct)
    {
        if (job.DropsFailed || await faces.WithoutEmbedding(target).CountAsync(ct) is not (> 0 and var missing))
            return false;

        job.Fail(IncompleteCode, Explain(missing), jobs.Now);
        return true;
    }

    private static string Explain(int missing) =>
        $"{missing} faces can't be embedded again: the job's items tell why. The collection is unchanged. "
        + "Start again with dropFailed=true to remove those faces.";
}
