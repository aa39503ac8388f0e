using FaceSearch.Application.Abstractions;
using FaceSearch.Application.Enrolment;
using FaceSearch.Domain.Enrolment;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace FaceSearch.Infrastructure.Jobs.Reembedding;

/// <summary>
/// Embeds all faces of a collection again from the stored pictures. The old embeddings are searched until none is
/// missing; then all are replaced at once.
/// </summary>
internal sealed class ReembeddingHandler(
    LeasedJobs jobs,
    PictureReembedder reembedder,
    ShadowWriter writer,
    ModelSwap generationSwitch,
    IFaceEncoders encoders,
    IServiceScopeFactory scopes,
    IOptions<EnrolmentOptions> options) : IJobHandler
{
    public IReadOnlyCollection<EnrolmentJobKind> Kinds { get; } =
        [EnrolmentJobKind.Reembedding, EnrolmentJobKind.ReembeddingOrRemoval];

    public JobLane Lane => JobLane.Long;

    public async Task RunAsync(JobRun run, CancellationToken ct)
    {
        if (await StartAsync(run, ct) is not { } target)
            return;

        do
        {
            await EmbedAsync(target, ct);
        }
        while (!await generationSwitch.TryEndAsync(target, ct));
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

    /// <summary>Embeds the missing faces, also those that are enrolled meanwhile, as they have higher ids.</summary>
    private async Task EmbedAsync(ReembeddingTarget target, CancellationToken ct)
    {
        var last = 0L;
        while (true)
        {
            await using var scope = scopes.CreateAsyncScope();
            var db = scope.ServiceProvider.GetRequiredService<IFaceSearchDbContext>();
            var (pictures, next) = await StoredPictures.NextAsync(db, target, last, options.Value.BatchSize, ct);
            if (pictures.Count == 0)
                return;

            var contents = await StoredPictures.ReadAsync(db, pictures, ct);
            await writer.WriteAsync(target, await reembedder.RunAsync(target, pictures, contents, ct), ct);
            last = next;
        }
    }
}
