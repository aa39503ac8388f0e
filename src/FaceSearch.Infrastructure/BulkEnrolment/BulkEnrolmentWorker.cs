using FaceSearch.Application.Abstractions;
using FaceSearch.Application.Enrolment;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace FaceSearch.Infrastructure.BulkEnrolment;

/// <summary>
/// Takes one job at a time from the queue and runs it to its end; also jobs that died with another process. It begins
/// when the models are loaded. When the database is away or full the job waits and goes on where its stored items end.
/// </summary>
internal sealed partial class BulkEnrolmentWorker(
    DatabaseEnrolmentQueue queue,
    EnrolmentRun run,
    IServiceScopeFactory scopes,
    IFaceEncoders encoders,
    IOptions<EnrolmentOptions> options,
    ILogger<BulkEnrolmentWorker> logger) : BackgroundService
{
    /// <summary>How often a job may break for a reason that does not pass by itself.</summary>
    private const int MaxBreaks = 3;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    private (Guid JobId, int Count) breaks;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (options.Value.RunJobs && !stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (encoders.Choice is null)
                    await Task.Delay(Pause, stoppingToken);
                else
                    await RunAsync(await queue.TakeAsync(stoppingToken), stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                LogWaiting(logger, exception);
                await Task.Delay(Pause, CancellationToken.None);
            }
        }
    }

    private async Task RunAsync(Guid jobId, CancellationToken ct)
    {
        await using var lease = new EnrolmentLease(
            queue, jobId, TimeSpan.FromSeconds(options.Value.LeaseSeconds), ct);
        try
        {
            await run.RunAsync(jobId, lease.Held);
        }
        catch (JobCancelledException)
        {
            await run.StopAsync(jobId, lease.Held);
        }
        catch (CollectionMovedOnException)
        {
            LogMovedOn(logger, jobId);
        }
        catch (JobLostException)
        {
            LogLost(logger, jobId);
        }
        catch (OperationCanceledException) when (lease.Held.IsCancellationRequested && !ct.IsCancellationRequested)
        {
            LogLost(logger, jobId);
        }
        catch (Exception exception) when (!ct.IsCancellationRequested && IsBeyondHope(jobId, exception))
        {
            LogBroken(logger, exception, jobId);
            await run.FailAsync(
                jobId, "job-broken", "The server could not go on; its log says why.", lease.Held);
        }
        finally
        {
            queue.Announce();
        }
    }

    /// <summary>A database that is away, busy or full is waited for; whatever else happens again and again is not.</summary>
    private bool IsBeyondHope(Guid jobId, Exception exception)
    {
        using var scope = scopes.CreateScope();
        if (scope.ServiceProvider.GetRequiredService<IFaceSearchDbContext>().IsUnavailable(exception))
            return false;

        breaks = breaks.JobId == jobId ? (jobId, breaks.Count + 1) : (jobId, 1);
        return breaks.Count >= MaxBreaks;
    }

    [LoggerMessage(EventId = 3001, Level = LogLevel.Error, Message = "Job {JobId} broke")]
    private static partial void LogBroken(ILogger logger, Exception exception, Guid jobId);

    [LoggerMessage(EventId = 3002, Level = LogLevel.Warning, Message = "The jobs wait: the database can't be used now")]
    private static partial void LogWaiting(ILogger logger, Exception exception);

    [LoggerMessage(EventId = 3004, Level = LogLevel.Information,
        Message = "Job {JobId} goes on with the model its collection has got")]
    private static partial void LogMovedOn(ILogger logger, Guid jobId);

    [LoggerMessage(EventId = 3003, Level = LogLevel.Warning, Message = "Job {JobId} was taken over by another process")]
    private static partial void LogLost(ILogger logger, Guid jobId);
}
