using FaceSearch.Application.Abstractions;
using FaceSearch.Application.Enrolment;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace FaceSearch.Infrastructure.BulkEnrolment.Reembedding;

/// <summary>
/// Embeds all faces of a collection anew from the stored pictures, beside the embeddings that are searched, until none is
/// missing; then all change at once.
/// </summary>
internal sealed class ReembeddingRun(
    OwnedJobs jobs,
    PictureReembedder reembedder,
    ShadowWriter writer,
    GenerationSwitch generationSwitch,
    IFaceEncoders encoders,
    IServiceScopeFactory scopes,
    IOptions<EnrolmentOptions> options)
{
    public async Task RunAsync(Guid jobId, CancellationToken ct)
    {
        if (await StartAsync(jobId, ct) is not { } target)
            return;

        do
        {
            await EmbedAsync(target, ct);
        }
        while (!await generationSwitch.TryEndAsync(target, ct));
    }

    /// <summary>Null when the job can't be done here and has ended.</summary>
    private async Task<ReembeddingTarget?> StartAsync(Guid jobId, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<IFaceSearchDbContext>();
        var job = await jobs.FindToGoOnAsync(db, jobId, ct);
        if (!encoders.TryGet(job.Model!, out var encoder))
        {
            job.Fail("model-not-available", $"A server that runs jobs does not run the model '{job.Model}'.", jobs.Now);
            await OwnedJobs.SaveAsync(db, ct);
            return null;
        }

        await StoredPictures.TakeStockAsync(db, job, ct);
        job.Start(job.Total!.Value, jobs.Now);
        await OwnedJobs.SaveAsync(db, ct);
        return new ReembeddingTarget(jobId, job.CollectionId, encoder);
    }

    /// <summary>What is missing now. What is enrolled meanwhile has higher ids, so this comes upon it too.</summary>
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
            await writer.WriteAsync(target, await reembedder.RunAsync(target.Encoder, pictures, contents, ct), ct);
            last = next;
        }
    }
}
