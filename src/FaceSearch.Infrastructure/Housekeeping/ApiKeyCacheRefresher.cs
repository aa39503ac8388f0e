using FaceSearch.Application.Abstractions;
using FaceSearch.Application.Access;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace FaceSearch.Infrastructure.Housekeeping;

/// <summary>Refreshes the cached keys periodically, and writes when they were last used.</summary>
internal sealed partial class ApiKeyCacheRefresher(
    ApiKeyCache verified, ApiKeyUsage use, IServiceScopeFactory scopes, ILogger<ApiKeyCacheRefresher> logger) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(500);

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await TryAsync(use.WriteAsync, cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            if (verified.IsEmpty)
                continue;

            await TryAsync(verified.RefreshAsync, stoppingToken);
            await TryAsync(use.WriteAsync, stoppingToken);
        }
    }

    private async Task TryAsync(Func<IFaceSearchDbContext, CancellationToken, Task> work, CancellationToken ct)
    {
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            await work(scope.ServiceProvider.GetRequiredService<IFaceSearchDbContext>(), ct);
        }
        catch (Exception exception) when (!ct.IsCancellationRequested)
        {
            LogPutOff(logger, exception);
        }
    }

    [LoggerMessage(EventId = 5000, Level = LogLevel.Warning, Message = "The cached keys can't be refreshed, retrying")]
    private static partial void LogPutOff(ILogger logger, Exception exception);
}
