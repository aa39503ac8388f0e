using FaceSearch.Application.Audit;
using FaceSearch.Application.Collections;
using FaceSearch.Application.Enrolment;
using FaceSearch.Application.Erasure;
using FaceSearch.Application.Idempotency;
using FaceSearch.Application.Jobs;
using FaceSearch.Application.Results;
using Mediator;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace FaceSearch.Infrastructure.Housekeeping;

/// <summary>Queues removals that an older version began, and deletes expired data.</summary>
internal sealed partial class Housekeeper(
    IServiceScopeFactory scopes, IOptions<EnrolmentOptions> options, ILogger<Housekeeper> logger) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromMinutes(1);

    /// <summary>Runs all tasks once. A failed task is retried in the next run.</summary>
    public async Task RunOnceAsync(CancellationToken ct)
    {
        await TryAsync(new SweepRemovedCollectionsCommand(), ct);
        await TryAsync(new PruneIdempotentRequestsCommand(), ct);
        await TryAsync(new PruneAuditEntriesCommand(), ct);
        await TryAsync(new PruneJobsCommand(TimeSpan.FromHours(options.Value.KeepArchivesHours)), ct);
        await TryAsync(new PruneFaceRemovalsCommand(), ct);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period);
        do
        {
            await RunOnceAsync(stoppingToken);
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task TryAsync(ICommand<Result<int>> command, CancellationToken ct)
    {
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            var done = await scope.ServiceProvider.GetRequiredService<ISender>().Send(command, ct);
            if (done.Value > 0)
                LogDone(logger, command.GetType().Name, done.Value);
        }
        catch (Exception exception) when (!ct.IsCancellationRequested)
        {
            LogPutOff(logger, command.GetType().Name, exception);
        }
    }

    [LoggerMessage(EventId = 5010, Level = LogLevel.Information, Message = "{Task}: {Count} done")]
    private static partial void LogDone(ILogger logger, string task, int count);

    [LoggerMessage(EventId = 5011, Level = LogLevel.Warning, Message = "{Task} failed, retrying in the next run")]
    private static partial void LogPutOff(ILogger logger, string task, Exception exception);
}
