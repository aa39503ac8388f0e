using System.Runtime.ExceptionServices;
using FaceSearch.Application.Abstractions;
using FaceSearch.Application.Access;
using FaceSearch.Application.Collections;
using FaceSearch.Infrastructure;
using FaceSearch.Infrastructure.Startup;
using Mediator;

namespace FaceSearch.Api.Hosting;

/// <summary>
/// Prepares what the first request needs: tables, models, the default collection, a first key. The database is prepared
/// first, as its collections name the models. When the database is unreachable, the server starts, answers 503 and
/// retries the preparation in the background.
/// </summary>
internal sealed partial class ServerPreparation(
    IServiceProvider services, IHostApplicationLifetime lifetime, ILogger<ServerPreparation> logger) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private volatile bool isPrepared;
    private ExceptionDispatchInfo? fault;

    public bool IsPrepared => isPrepared;

    /// <summary>
    /// The first attempt, before the server listens. An error of the machine or the settings stops the server.
    /// </summary>
    public async Task BeginAsync() => isPrepared = await TryPrepareAsync(CancellationToken.None);

    /// <summary>After the server has ended: throws the exception of the background preparation that stopped it.</summary>
    /// <exception cref="StartException">A model that the database needs is not available.</exception>
    public void ThrowIfFailed() => fault?.Throw();

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (!isPrepared)
            {
                await Task.Delay(Pause, stoppingToken);
                isPrepared = await TryPrepareAsync(stoppingToken);
            }
        }
        catch (StartException exception)
        {
            fault = ExceptionDispatchInfo.Capture(exception);
            lifetime.StopApplication();
        }
    }

    private async Task<bool> TryPrepareAsync(CancellationToken ct)
    {
        await using var scope = services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<IFaceSearchDbContext>();
        try
        {
            await PrepareAsync(scope.ServiceProvider.GetRequiredService<ISender>(), ct);
            return true;
        }
        catch (Exception exception) when (db.IsUnavailable(exception))
        {
            LogWaiting(logger, exception.Message);
            return false;
        }
    }

    private async Task PrepareAsync(ISender sender, CancellationToken ct)
    {
        await services.PrepareDatabaseAsync(ct);
        await PrepareModelsAsync(sender, ct);

        var key = await sender.Send(new EnsureAdminKeyCommand(), ct);
        if (key.Value is { } secret)
            ShowOnce(secret);
    }

    /// <summary>
    /// The model of the default collection is the stored choice. Where two servers start on a new database, the second to
    /// make the collection takes the choice of the first.
    /// </summary>
    private async Task PrepareModelsAsync(ISender sender, CancellationToken ct)
    {
        var pinned = (await sender.Send(new GetPinnedModelsQuery(), ct)).Value;
        await services.PrepareFaceModelsAsync(pinned, ct);

        var model = (await sender.Send(new EnsureDefaultCollectionCommand(), ct)).Value;
        if (pinned.OfDefault is null && model != services.GetRequiredService<IFaceEncoders>().Default.Model)
            await services.PrepareFaceModelsAsync((await sender.Send(new GetPinnedModelsQuery(), ct)).Value, ct);
    }

    /// <summary>Writes to the console and not to the logger: logs are kept, and the key must not be.</summary>
    private static void ShowOnce(string secret)
    {
        Console.WriteLine();
        Console.WriteLine($"The admin API key, shown this once and kept nowhere: {secret}");
        Console.WriteLine();
    }

    [LoggerMessage(EventId = 4101, Level = LogLevel.Warning, Message = "The database can't be used yet, retrying: {Reason}")]
    private static partial void LogWaiting(ILogger logger, string reason);
}
