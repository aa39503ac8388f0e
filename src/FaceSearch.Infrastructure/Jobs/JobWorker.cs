using FaceSearch.Application.Abstractions;
using FaceSearch.Application.Enrolment;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace FaceSearch.Infrastructure.Jobs;

/// <summary>
/// Takes one job of its lane at a time from the queue and runs it to its end; also jobs whose process has ended. A job
/// that does not end is returned to the queue and continues where its stored progress ends.
/// </summary>
internal sealed partial class JobWorker(
    JobLane lane,
    DatabaseEnrolmentQueue queue,
    LeasedJobs jobs,
    IEnumerable<IJobHandler> handlers,
    IServiceScopeFactory scopes,
    IFaceEncoders encoders,
    IOptions<EnrolmentOptions> options,
    TimeProvider time,
    ILogger<JobWorker> logger) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    private readonly IJobHandler[] own = [.. handlers.Where(handler => handler.Lane == lane)];

    public JobLane Lane => lane;

    private bool IsEndless => lane == JobLane.Short;

    /// <summary>Long jobs start when the models are loaded.</summary>
    private bool MustWait => lane == JobLane.Long && encoders.Choice is null;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var kinds = own.SelectMany(handler => handler.Kinds).ToArray();
        if (kinds.Length == 0 || (lane == JobLane.Long && !options.Value.RunJobs))
            return;

        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (MustWait)
                    await Task.Delay(Pause, stoppingToken);
                else
                    await RunAsync(await queue.TakeAsync(kinds, stoppingToken), stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                LogRetrying(exception);
                await Task.Delay(Pause, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task RunAsync(JobRun run, CancellationToken ct)
    {
        try
        {
            // A process that ends during an attempt stores no failure, so the attempts are limited here too.
            if (run.Attempts > JobRetries.MaxAttempts && !IsEndless)
                await StoreAsync(token => jobs.FailAttemptAsync(run, JobRetries.Interrupted, IsEndless, token), ct);
            else if (await AttemptAsync(run, ct) is { } store)
                await StoreAsync(store, ct);
        }
        catch (JobLostException)
        {
            LogLost(logger, run.JobId);
        }
        finally
        {
            queue.NotifyChanged();
        }
    }

    /// <returns>How the row is changed after an attempt that has not ended the job; null when it has.</returns>
    private async Task<Func<CancellationToken, Task>?> AttemptAsync(JobRun run, CancellationToken ct)
    {
        var limits = options.Value;
        var grace = TimeSpan.FromSeconds(limits.LeaseSeconds);
        using var abandon = new CancellationTokenSource();
        await using var lease = new JobLease(
            queue, run, grace, TimeSpan.FromSeconds(limits.ProgressTimeoutSeconds), time, ct);
        await using var registration = lease.Token.Register(() => abandon.CancelAfter(grace));
        try
        {
            // An abandoned handler can't store anything: the job gets another owner.
            await own.Single(handler => handler.Kinds.Contains(run.Kind)).RunAsync(run, lease.Token).WaitAsync(abandon.Token);
            return null;
        }
        catch (Exception exception)
        {
            return AfterFailure(run, exception, lease.Stop, ct);
        }
    }

    private Func<CancellationToken, Task>? AfterFailure(JobRun run, Exception exception, JobStop? stop, CancellationToken ct)
    {
        switch (exception, stop)
        {
            // Another process owns the job, which the return finds out; or its row was changed at the same time.
            case (JobLostException, _) or (_, JobStop.Lost):
                return token => jobs.ReturnAsync(run, token);
            case (JobCancelledException, _) or (_, JobStop.Cancelled):
                return token => jobs.StopAsync(run, token);
            case (CollectionModelChangedException, _):
                LogMovedOn(logger, run.JobId);
                return token => jobs.ReturnAsync(run, token);
            case (_, JobStop.Stalled):
                LogStalled(logger, run.JobId);
                return token => jobs.FailAttemptAsync(run, JobRetries.Stalled, IsEndless, token);
            case var _ when ct.IsCancellationRequested:
                return token => jobs.ReturnAsync(run, token);
            case var _ when IsUnavailable(exception):
                LogUnavailable(logger, exception);
                return token => jobs.WaitForStorageAsync(run, IsEndless, token);
            case (UploadFolderMissingException, _):
                LogFolderMissing(logger, run.JobId);
                return token => jobs.WaitForStorageAsync(run, IsEndless, token);
            default:
                LogFailed(logger, exception, run.JobId, run.Attempts);
                return token => jobs.FailAttemptAsync(run, JobRetries.ErrorOf(exception), IsEndless, token);
        }
    }

    /// <summary>
    /// Retries until the database is available, so that an outage is not counted as an attempt. When the server stops
    /// there is one try.
    /// </summary>
    private async Task StoreAsync(Func<CancellationToken, Task> store, CancellationToken stopping)
    {
        while (true)
        {
            try
            {
                await store(CancellationToken.None);
                return;
            }
            catch (Exception exception) when (!stopping.IsCancellationRequested && IsUnavailable(exception))
            {
                LogUnavailable(logger, exception);
                await Task.Delay(Pause, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private bool IsUnavailable(Exception exception)
    {
        using var scope = scopes.CreateScope();
        return scope.ServiceProvider.GetRequiredService<IFaceSearchDbContext>().IsUnavailable(exception);
    }

    private void LogRetrying(Exception exception)
    {
        if (IsUnavailable(exception))
            LogUnavailable(logger, exception);
        else
            LogWorkerFailed(logger, exception);
    }

    [LoggerMessage(EventId = 3001, Level = LogLevel.Error, Message = "Job {JobId} failed at attempt {Attempt} without progress")]
    private static partial void LogFailed(ILogger logger, Exception exception, Guid jobId, int attempt);

    [LoggerMessage(EventId = 3002, Level = LogLevel.Warning, Message = "The database is unavailable, busy or full; the job worker retries")]
    private static partial void LogUnavailable(ILogger logger, Exception exception);

    [LoggerMessage(EventId = 3007, Level = LogLevel.Warning, Message = "The upload folder is missing; job {JobId} is retried")]
    private static partial void LogFolderMissing(ILogger logger, Guid jobId);

    [LoggerMessage(EventId = 3003, Level = LogLevel.Warning, Message = "Job {JobId} was taken over by another process")]
    private static partial void LogLost(ILogger logger, Guid jobId);

    [LoggerMessage(EventId = 3004, Level = LogLevel.Information,
        Message = "Job {JobId} continues with the new model of its collection")]
    private static partial void LogMovedOn(ILogger logger, Guid jobId);

    [LoggerMessage(EventId = 3005, Level = LogLevel.Warning, Message = "Job {JobId} has made no progress for too long and is interrupted")]
    private static partial void LogStalled(ILogger logger, Guid jobId);

    [LoggerMessage(EventId = 3006, Level = LogLevel.Error, Message = "Job worker failed; retrying in 2 s")]
    private static partial void LogWorkerFailed(ILogger logger, Exception exception);
}
