using FaceSearch.Application.Abstractions;
using FaceSearch.Application.Enrolment;
using FaceSearch.Infrastructure.BulkEnrolment.Reembedding;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace FaceSearch.Infrastructure.BulkEnrolment;

/// <summary>Runs one job of this process to its end, from its start or from where its stored items end.</summary>
internal sealed class EnrolmentRun(
    OwnedJobs jobs,
    DatabaseEnrolmentQueue queue,
    ZipArchiveStore archives,
    BulkEnrolmentPipeline pipeline,
    ReembeddingRun reembedding,
    IFaceEncoders encoders,
    IServiceScopeFactory scopes,
    IOptions<EnrolmentOptions> options)
{
    public async Task RunAsync(Guid jobId, CancellationToken ct)
    {
        if (await IsReembeddingAsync(jobId, ct))
            await reembedding.RunAsync(jobId, ct);
        else
            await RunArchiveAsync(jobId, ct);
    }

    public Task StopAsync(Guid jobId, CancellationToken ct) => jobs.EndAsync(jobId, job => job.Stop(jobs.Now), ct);

    public Task FailAsync(Guid jobId, string code, string why, CancellationToken ct) =>
        jobs.EndAsync(jobId, job => job.Fail(code, why, jobs.Now), ct);

    private async Task RunArchiveAsync(Guid jobId, CancellationToken ct)
    {
        if (!archives.Has(jobId))
        {
            await FailAsync(jobId, "archive-lost", "Its archive is not in the upload folder of this server.", ct);
            return;
        }

        using (var archive = new ArchiveReader(archives.PathOf(jobId), options.Value))
        {
            var target = await StartAsync(jobId, archive.Count, ct);
            await pipeline.RunAsync(target, archive, ct);
        }

        await jobs.EndAsync(jobId, job => job.Succeed(jobs.Now), ct);
    }

    private async Task<bool> IsReembeddingAsync(Guid jobId, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<IFaceSearchDbContext>();
        return (await jobs.FindAsync(db, jobId, ct)).IsReembedding;
    }

    private async Task<EnrolmentTarget> StartAsync(Guid jobId, int total, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<IFaceSearchDbContext>();
        var job = await jobs.FindToGoOnAsync(db, jobId, ct);
        var model = await db.Collections.Where(c => c.Id == job.CollectionId).Select(c => c.Model).SingleAsync(ct);
        if (!encoders.TryGet(model, out var encoder))
            throw new InvalidOperationException($"No encoder runs the model '{model}'.");

        var stored = await db.EnrolmentItems.Where(item => item.JobId == jobId)
            .Select(item => item.Position).ToHashSetAsync(ct);
        job.Start(total, jobs.Now);
        await OwnedJobs.SaveAsync(db, ct);
        return new EnrolmentTarget(jobId, queue.Owner, job.CollectionId, encoder, stored);
    }
}
