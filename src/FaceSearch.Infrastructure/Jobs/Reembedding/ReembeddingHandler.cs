using FaceSearch.Application.Abstractions;
using FaceSearch.Application.Enrolment;
using FaceSearch.Domain.Enrolment;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace FaceSearch.Infrastructure.Jobs.Reembedding;

/// <summary>
/// Embeds all faces of a collection again from the stored pictures, beside the embeddings that are searched. When none
/// is missing, the collection gets the new model, and the old embeddings are deleted.
/// </summary>
internal sealed class ReembeddingHandler(
    LeasedJobs jobs,
    PictureReembedder reembedder,
    EmbeddingWriter writer,
    ModelSwap swap,
    ReembeddingCleanup cleanup,
    IFaceEncoders encoders,
    IServiceScopeFactory scopes,
    IOptions<EnrolmentOptions> options) : IJobHandler
{
    /// <summary>
    /// After more passes than this, the last faces are embedded while enrolments wait: otherwise a steady stream of
    /// enrolments could keep the job from its end.
    /// </summary>
    private const int MostPasses = 10;

    public IReadOnlyCollection<EnrolmentJobKind> Kinds { get; } =
        [EnrolmentJobKind.Reembedding, EnrolmentJobKind.ReembeddingOrRemoval];

    public JobLane Lane => JobLane.Long;

    public async Task RunAsync(JobRun run, CancellationToken ct)
    {
        if (await HasSwappedAsync(run, ct) || (await StartAsync(run, ct) is { } target && await EmbedAndSwapAsync(target, ct)))
            await cleanup.RunAsync(run, ct);
    }

    /// <summary>Whether an earlier run has changed the model: only the cleanup is left.</summary>
    private async Task<bool> HasSwappedAsync(JobRun run, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<IFaceSearchDbContext>();
        var job = await LeasedJobs.FindRunnableAsync(db, run, ct);
        if (!await db.Collections.AnyAsync(c => c.Id == job.CollectionId && c.Model == job.Model, ct))
            return false;

        job.Start(job.Total ?? 0, jobs.Now);
        await LeasedJobs.SaveAsync(db, ct);
        return true;
    }

    /// <summary>Null when the job can't run on this server and has failed.</summary>
    private async Task<ReembeddingTarget?> StartAsync(JobRun run, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<IFaceSearchDbContext>();
        var job = await LeasedJobs.FindRunnableAsync(db, run, ct);
        if (!encoders.TryGet(job.Model!, out var encoder))
        {
            job.Fail("model-not-available", $"A server that runs jobs does not run the model '{job.Model}'.", jobs.Now);
            await LeasedJobs.SaveAsync(db, ct);
            return null;
        }

        await StoredPictures.SetProgressAsync(db, job, ct);
        job.Start(job.Total!.Value, jobs.Now);
        await LeasedJobs.SaveAsync(db, ct);
        return new ReembeddingTarget(run, job.CollectionId!.Value, encoder);
    }

    /// <summary>
    /// Repeats with the faces that are enrolled meanwhile. Each pass is shorter, until the last leaves nothing to do
    /// under the collection's lock.
    /// </summary>
    /// <returns>False when the job has failed.</returns>
    private async Task<bool> EmbedAndSwapAsync(ReembeddingTarget target, CancellationToken ct)
    {
        var done = 0L;
        for (var pass = 1; ; pass++)
        {
            var newest = await swap.FindNewestAsync(target, ct);
            var pictures = await EmbedAsync(target, done, ct);
            if (await swap.TryFailAsync(target, done, newest, ct))
                return false;

            done = newest;
            if (pictures <= ModelSwap.MostStragglers
                && await swap.TrySwapAsync(target, done, withStragglers: pass > MostPasses, ct) is { } swapped)
                return swapped;
        }
    }

    /// <summary>Embeds the missing faces after an id, also those that are enrolled meanwhile, as they have higher ids.</summary>
    /// <returns>The number of pictures.</returns>
    private async Task<int> EmbedAsync(ReembeddingTarget target, long after, CancellationToken ct)
    {
        for (var count = 0; ;)
        {
            await using var scope = scopes.CreateAsyncScope();
            var db = scope.ServiceProvider.GetRequiredService<IFaceSearchDbContext>();
            var (pictures, last) = await StoredPictures.NextAsync(db, target, after, options.Value.BatchSize, ct);
            if (pictures.Count == 0)
                return count;

            var contents = await StoredPictures.ReadAsync(db, pictures, ct);
            await writer.WriteAsync(target, await reembedder.RunAsync(target, pictures, contents, ct), ct);
            (after, count) = (last, count + pictures.Count);
        }
    }
}
