using FaceSearch.Application.Access;
using FaceSearch.Application.Collections;
using FaceSearch.Infrastructure;
using Mediator;

namespace FaceSearch.Api.Startup;

/// <summary>What must be there before the first request: models, tables, the default collection, a first key.</summary>
internal static partial class ServerPreparation
{
    public static async Task PrepareAsync(this WebApplication app)
    {
        await app.Services.PrepareInfrastructureAsync(CancellationToken.None);

        await using var scope = app.Services.CreateAsyncScope();
        var sender = scope.ServiceProvider.GetRequiredService<ISender>();
        var model = await sender.Send(new EnsureDefaultCollectionCommand());
        LogModel(app.Logger, model.Value);

        var key = await sender.Send(new EnsureAdminKeyCommand());
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
}
