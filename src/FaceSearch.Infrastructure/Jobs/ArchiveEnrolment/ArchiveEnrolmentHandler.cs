using FaceSearch.Application.Abstractions;
using FaceSearch.Application.Enrolment;
using FaceSearch.Domain.Enrolment;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace FaceSearch.Infrastructure.Jobs.ArchiveEnrolment;

/// <summary>Enrols the pictures of an uploaded archive.</summary>
internal sealed class ArchiveEnrolmentHandler(
    LeasedJobs jobs,
    ZipArchiveStore archives,
    BulkEnrolmentPipeline pipeline,
    IFaceEncoders encoders,
    IServiceScopeFactory scopes,
    IOptions<EnrolmentOptions> options) : IJobHandler
{
    public IReadOnlyCollection<EnrolmentJobKind> Kinds { get; } = [EnrolmentJobKind.Archive];

    public JobLane Lane => JobLane.Long;

    public async Task RunAsync(JobRun run, CancellationToken ct)
    {
        if (!archives.IsKept(run.JobId))
        {
            await jobs.FailAsync(run, "archive-lost", "Its archive is not in the upload folder of this server.", ct);
            return;
        }

        using (var archive = new ArchiveReader(archives.PathOf(run.JobId), options.Value, await FindNameEncodingAsync(run.JobId, ct)))
        {
            var target = await StartAsync(run, archive.Count, ct);
            await pipeline.RunAsync(target, archive, ct);
        }

        await jobs.EndAsync(run, job => job.Succeed(jobs.Now), ct);
    }

    private async Task<string?> FindNameEncodingAsync(Guid jobId, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<IFaceSearchDbContext>();
        return await db.EnrolmentJobs.Where(job => job.Id == jobId).Select(job => job.NameEncoding).SingleOrDefaultAsync(ct);
    }

    private async Task<EnrolmentTarget> StartAsync(JobRun run, int total, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<IFaceSearchDbContext>();
        var job = await LeasedJobs.FindRunnableAsync(db, run, ct);
        var model = await db.Collections.Where(c => c.Id == job.CollectionId).Select(c => c.Model).SingleAsync(ct);
        if (!encoders.TryGet(model, out var encoder))
            throw new InvalidOperationException($"No encoder runs the model '{model}'.");

        var stored = await db.EnrolmentItems.Where(item => item.JobId == run.JobId)
            .Select(item => item.Position).ToHashSetAsync(ct);
        job.Start(total, jobs.Now);
        await LeasedJobs.SaveAsync(db, ct);
        return new EnrolmentTarget(run, job.CollectionId!.Value, encoder, stored);
    }
}
