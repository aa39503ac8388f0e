using FaceSearch.Application.Abstractions;
using FaceSearch.Application.Enrolment;
using FaceSearch.Domain.Enrolment;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace FaceSearch.Infrastructure.BulkEnrolment;

/// <summary>Runs one job at a time; at start, those that an earlier process left unfinished.</summary>
internal sealed partial class BulkEnrolmentWorker(
    ChannelEnrolmentQueue queue,
    ZipArchiveStore archives,
    BulkEnrolmentPipeline pipeline,
    IFaceEncoders encoders,
    IServiceScopeFactory scopes,
    IOptions<EnrolmentOptions> options,
    TimeProvider time,
    ILogger<BulkEnrolmentWorker> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await EnqueueUnfinishedAsync(stoppingToken);
        await foreach (var jobId in queue.ReadAllAsync(stoppingToken))
        {
            await RunGuardedAsync(jobId, stoppingToken);
            queue.Complete(jobId);
        }
    }

    private async Task EnqueueUnfinishedAsync(CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<IFaceSearchDbContext>();
        var unfinished = await db.EnrolmentJobs.AsNoTracking()
            .Where(job => job.State == EnrolmentJobState.Queued || job.State == EnrolmentJobState.Running)
            .OrderBy(job => job.CreatedAt)
            .Select(job => job.Id)
            .ToListAsync(ct);
        foreach (var jobId in unfinished)
            queue.Enqueue(jobId);
    }

    /// <summary>A job that breaks is marked as failed, so that the next one gets its turn.</summary>
    private async Task RunGuardedAsync(Guid jobId, CancellationToken ct)
    {
        try
        {
            await RunAsync(jobId, ct);
        }
        catch (Exception exception) when (!ct.IsCancellationRequested)
        {
            LogBroken(logger, exception, jobId);
            await TryFailAsync(jobId, ct);
        }
    }

    private async Task RunAsync(Guid jobId, CancellationToken ct)
    {
        if (!File.Exists(archives.PathOf(jobId)))
        {
            await EndAsync(jobId, job => job.Fail("archive-lost", "Its archive is gone.", Now), ct);
            return;
        }

        using (var archive = new ArchiveReader(archives.PathOf(jobId), options.Value))
        {
            var target = await StartAsync(jobId, archive.Count, ct);
            await pipeline.RunAsync(target, archive, ct);
        }

        await EndAsync(jobId, job => job.Succeed(Now), ct);
    }

    private async Task<EnrolmentTarget> StartAsync(Guid jobId, int total, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<IFaceSearchDbContext>();
        var job = await db.EnrolmentJobs.SingleAsync(j => j.Id == jobId, ct);
        var model = await db.Collections.Where(c => c.Id == job.CollectionId).Select(c => c.Model).SingleAsync(ct);
        if (!encoders.TryGet(model, out var encoder))
            throw new InvalidOperationException($"No encoder runs the model '{model}'.");

        var stored = await db.EnrolmentItems.Where(item => item.JobId == jobId)
            .Select(item => item.Position).ToHashSetAsync(ct);
        job.Start(total, Now);
        await db.SaveChangesAsync(ct);
        return new EnrolmentTarget(jobId, job.CollectionId, encoder, stored);
    }

    private async Task TryFailAsync(Guid jobId, CancellationToken ct)
    {
        try
        {
            await EndAsync(
                jobId,
                job => job.Fail("storage-unavailable", "The server could not go on; its log says why.", Now),
                ct);
        }
        catch (Exception exception) when (!ct.IsCancellationRequested)
        {
            LogLeft(logger, exception, jobId);
        }
    }

    private async Task EndAsync(Guid jobId, Action<EnrolmentJob> end, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<IFaceSearchDbContext>();
        var job = await db.EnrolmentJobs.SingleAsync(j => j.Id == jobId, ct);
        end(job);
        await db.SaveChangesAsync(ct);
        archives.Discard(jobId);
        LogEnded(logger, jobId, job.State, job.Inserted, job.Duplicates, job.Failed, job.Skipped);
    }

    private DateTime Now => time.GetUtcNow().UtcDateTime;

    [LoggerMessage(EventId = 3000, Level = LogLevel.Information,
        Message = "Job {JobId} {State}: {Inserted} inserted, {Duplicates} duplicates, {Failed} failed, {Skipped} skipped")]
    private static partial void LogEnded(
        ILogger logger, Guid jobId, EnrolmentJobState state, int inserted, int duplicates, int failed, int skipped);

    [LoggerMessage(EventId = 3001, Level = LogLevel.Error, Message = "Job {JobId} broke")]
    private static partial void LogBroken(ILogger logger, Exception exception, Guid jobId);

    [LoggerMessage(EventId = 3002, Level = LogLevel.Error,
        Message = "Job {JobId} could not be marked as failed; it goes on at the next start")]
    private static partial void LogLeft(ILogger logger, Exception exception, Guid jobId);
}
