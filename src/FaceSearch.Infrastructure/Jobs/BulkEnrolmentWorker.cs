using FaceSearch.Application.Abstractions;
using FaceSearch.Application.Enrolment;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace FaceSearch.Infrastructure.Jobs;

/// <summary>
/// Takes one job at a time from the queue and runs it to its end; also jobs whose process has ended. It starts when the
/// models are loaded. When the database is unreachable or full, the job is retried and continues where its stored items
/// end.
/// </summary>
internal sealed partial class BulkEnrolmentWorker(
    DatabaseEnrolmentQueue queue,
    LeasedJobs jobs,
    IEnumerable<IJobHandler> handlers,
    IServiceScopeFactory scopes,
    IFaceEncoders encoders,
    IOptions<EnrolmentOptions> options,
    ILogger<BulkEnrolmentWorker> logger) : BackgroundService
{
    /// <summary>How often a job may fail with an error that is not transient.</summary>
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
            await HandleAsync(jobId, lease.LeaseToken);
        }
        catch (JobCancelledException)
        {
            await jobs.StopAsync(jobId, lease.LeaseToken);
        }
        catch (CollectionModelChangedException)
        {
            LogMovedOn(logger, jobId);
        }
        catch (JobLostException)
        {
            LogLost(logger, jobId);
        }
        catch (OperationCanceledException) when (lease.LeaseToken.IsCancellationRequested && !ct.IsCancellationRequested)
        {
            LogLost(logger, jobId);
        }
        catch (Exception exception) when (!ct.IsCancellationRequested && HasExhaustedRetries(jobId, exception))
        {
            LogBroken(logger, exception, jobId);
            await jobs.FailAsync(
                jobId, "job-broken", "The job failed three times. See the server log.", lease.LeaseToken);
        }
        finally
        {
            queue.NotifyChanged();
        }
    }

    private async Task HandleAsync(Guid jobId, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<IFaceSearchDbContext>();
        var job = await jobs.FindAsync(db, jobId, ct);
        await handlers.Single(handler => handler.CanRun(job)).RunAsync(jobId, ct);
    }

    /// <summary>
    /// Transient errors of the database are retried without limit; a job with repeated other errors fails.
    /// </summary>
    private bool HasExhaustedRetries(Guid jobId, Exception exception)
    {
        using var scope = scopes.CreateScope();
        if (scope.ServiceProvider.GetRequiredService<IFaceSearchDbContext>().IsUnavailable(exception))
            return false;

        breaks = breaks.JobId == jobId ? (jobId, breaks.Count + 1) : (jobId, 1);
        return breaks.Count >= MaxBreaks;
    }

    [LoggerMessage(EventId = 3001, Level = LogLevel.Error, Message = "Job {JobId} failed three times")]
    private static partial void LogBroken(ILogger logger, Exception exception, Guid jobId);

    [LoggerMessage(EventId = 3002, Level = LogLevel.Warning, Message = "Job worker failed; retrying in 2 s")]
    private static partial void LogWaiting(ILogger logger, Exception exception);

    [LoggerMessage(EventId = 3004, Level = LogLevel.Information,
        Message = "Job {JobId} continues with the new model of its collection")]
    private static partial void LogMovedOn(ILogger logger, Guid jobId);

    [LoggerMessage(EventId = 3003, Level = LogLevel.Warning, Message = "Job {JobId} was taken over by another process")]
    private static partial void LogLost(ILogger logger, Guid jobId);
}
