using FaceSearch.Application.Abstractions;
using FaceSearch.Application.Enrolment;
using FaceSearch.Domain.Enrolment;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace FaceSearch.Infrastructure.BulkEnrolment;

/// <summary>One job that this process holds, from its start, or from where its stored items end, to its end.</summary>
internal sealed partial class EnrolmentRun(
    DatabaseEnrolmentQueue queue,
    ZipArchiveStore archives,
    BulkEnrolmentPipeline pipeline,
    IFaceEncoders encoders,
    IServiceScopeFactory scopes,
    IOptions<EnrolmentOptions> options,
    TimeProvider time,
    ILogger<EnrolmentRun> logger)
{
    public async Task RunAsync(Guid jobId, CancellationToken ct)
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

        await EndAsync(jobId, job => job.Succeed(Now), ct);
    }

    public Task StopAsync(Guid jobId, CancellationToken ct) => EndAsync(jobId, job => job.Stop(Now), ct);

    public Task FailAsync(Guid jobId, string code, string why, CancellationToken ct) =>
        EndAsync(jobId, job => job.Fail(code, why, Now), ct);

    private async Task<EnrolmentTarget> StartAsync(Guid jobId, int total, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<IFaceSearchDbContext>();
        var job = await FindOwnAsync(db, jobId, ct);
        if (job.CancelRequested)
            throw new JobCancelledException();

        var model = await db.Collections.Where(c => c.Id == job.CollectionId).Select(c => c.Model).SingleAsync(ct);
        if (!encoders.TryGet(model, out var encoder))
            throw new InvalidOperationException($"No encoder runs the model '{model}'.");

        var stored = await db.EnrolmentItems.Where(item => item.JobId == jobId)
            .Select(item => item.Position).ToHashSetAsync(ct);
        job.Start(total, Now);
        await SaveAsync(db, ct);
        return new EnrolmentTarget(jobId, queue.Owner, job.CollectionId, encoder, stored);
    }

    private async Task EndAsync(Guid jobId, Action<EnrolmentJob> end, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<IFaceSearchDbContext>();
        var job = await FindOwnAsync(db, jobId, ct);
        end(job);
        await SaveAsync(db, ct);
        LogEnded(logger, jobId, job.State, job.Inserted, job.Duplicates, job.Failed, job.Skipped);

        var leftNothing = job.State == EnrolmentJobState.Succeeded && job.Failed == 0;
        if (leftNothing || options.Value.KeepArchivesHours == 0)
            archives.Discard(jobId);
    }

    private async Task<EnrolmentJob> FindOwnAsync(IFaceSearchDbContext db, Guid jobId, CancellationToken ct)
    {
        var job = await db.EnrolmentJobs.SingleAsync(j => j.Id == jobId, ct);
        return job.Owner == queue.Owner ? job : throw new JobLostException();
    }

    private static async Task SaveAsync(IFaceSearchDbContext db, CancellationToken ct)
    {
        if (!await db.TrySaveChangesAsync(ct))
            throw new JobLostException();
    }

    private DateTime Now => time.GetUtcNow().UtcDateTime;

    [LoggerMessage(EventId = 3000, Level = LogLevel.Information,
        Message = "Job {JobId} {State}: {Inserted} inserted, {Duplicates} duplicates, {Failed} failed, {Skipped} skipped")]
    private static partial void LogEnded(
        ILogger logger, Guid jobId, EnrolmentJobState state, int inserted, int duplicates, int failed, int skipped);
}
