using FaceSearch.Application.Abstractions;
using FaceSearch.Application.Access;
using FaceSearch.Application.Collections;
using FaceSearch.Infrastructure;
using Mediator;

namespace FaceSearch.Api.Startup;

/// <summary>
/// What must be there before the first request: models, tables, the default collection, a first key. When the
/// database is away the server starts all the same, answers 503, and catches up on this once the database is there.
/// </summary>
internal sealed partial class ServerPreparation(IServiceProvider services, ILogger<ServerPreparation> logger)
    : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private bool isPrepared;

    /// <summary>The first try, before the server listens: what is wrong with the machine stops it here.</summary>
    public async Task BeginAsync() => isPrepared = await TryPrepareAsync(CancellationToken.None);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!isPrepared)
        {
            await Task.Delay(Pause, stoppingToken);
            isPrepared = await TryPrepareAsync(stoppingToken);
        }
    }

    private async Task<bool> TryPrepareAsync(CancellationToken ct)
    {
        await using var scope = services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<IFaceSearchDbContext>();
        try
        {
            await PrepareAsync(scope.ServiceProvider, ct);
            return true;
        }
        catch (Exception exception) when (db.IsUnavailable(exception))
        {
            LogWaiting(logger, exception.Message);
            return false;
        }
    }

    private async Task PrepareAsync(IServiceProvider scoped, CancellationToken ct)
    {
        await services.PrepareInfrastructureAsync(ct);

        var sender = scoped.GetRequiredService<ISender>();
        var model = await sender.Send(new EnsureDefaultCollectionCommand(), ct);
        LogModel(logger, model.Value);

        var key = await sender.Send(new EnsureAdminKeyCommand(), ct);
        if (key.Value is { } secret)
            ShowOnce(secret);
    }

    /// <summary>On the console and not through the logger: logs are kept, this must not be.</summary>
    private static void ShowOnce(string secret)
    {
        Console.WriteLine();
        Console.WriteLine($"The admin API key, shown this once and kept nowhere: {secret}");
        Console.WriteLine();
    }

    [LoggerMessage(EventId = 4100, Level = LogLevel.Information, Message = "The default collection uses model {Model}")]
    private static partial void LogModel(ILogger logger, string model);

    [LoggerMessage(EventId = 4101, Level = LogLevel.Warning, Message = "Waiting for the database: {Reason}")]
    private static partial void LogWaiting(ILogger logger, string reason);
}
