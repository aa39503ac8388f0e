using FaceSearch.Application.Abstractions;
using FaceSearch.Application.Enrolment;
using FaceSearch.Infrastructure.Jobs.ArchiveEnrolment;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace FaceSearch.Infrastructure.Housekeeping;

/// <summary>
/// Deletes unused files: uploads of ended processes, archives without a job, and archives and unused embeddings of
/// ended jobs whose retry period is over. Other processes may use the same folder, so recent files are kept.
/// </summary>
internal sealed partial class ArchiveCleaner(
    ZipArchiveStore archives,
    IServiceScopeFactory scopes,
    IOptions<EnrolmentOptions> options,
    TimeProvider time,
    ILogger<ArchiveCleaner> logger) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromMinutes(10);

    /// <summary>An upload that has not grown for this time belongs to an ended process.</summary>
    private static readonly TimeSpan Abandoned = TimeSpan.FromHours(1);

    public async Task CleanAsync(CancellationToken ct)
    {
        foreach (var file in archives.Files().Where(file => Age(file) > Abandoned))
        {
            if (ZipArchiveStore.JobOf(file) is not { } jobId || await IsOverAsync(jobId, ct))
            {
                file.Delete();
                LogDeleted(logger, file.Name);
            }
        }

        await using var scope = scopes.CreateAsyncScope();
        await EmbeddingCleaner.CleanAsync(
            scope.ServiceProvider.GetRequiredService<IFaceSearchDbContext>(), time.GetUtcNow().UtcDateTime - Kept, ct);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, time);
        do
        {
            try
            {
                await CleanAsync(stoppingToken);
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                LogPutOff(logger, exception);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private TimeSpan Kept => TimeSpan.FromHours(options.Value.KeepArchivesHours);

    private TimeSpan Age(FileInfo file) => time.GetUtcNow().UtcDateTime - file.LastWriteTimeUtc;

    private async Task<bool> IsOverAsync(Guid jobId, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<IFaceSearchDbContext>();
        var job = await db.EnrolmentJobs.AsNoTracking().FirstOrDefaultAsync(j => j.Id == jobId, ct);
        return job is null || (job.HasEnded && (job.DropsArchive || time.GetUtcNow().UtcDateTime - job.EndedAt > Kept));
    }

    [LoggerMessage(EventId = 3010, Level = LogLevel.Information, Message = "Deleted {File}, which no job needs")]
    private static partial void LogDeleted(ILogger logger, string file);

    [LoggerMessage(EventId = 3011, Level = LogLevel.Warning, Message = "The upload folder could not be cleaned")]
    private static partial void LogPutOff(ILogger logger, Exception exception);
}
