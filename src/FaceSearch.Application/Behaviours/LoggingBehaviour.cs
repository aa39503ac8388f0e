using System.Diagnostics;
using FaceSearch.Application.Results;
using Mediator;
using Microsoft.Extensions.Logging;

namespace FaceSearch.Application.Behaviours;

/// <summary>Logs one line per message: its name, duration and outcome. Never its content.</summary>
internal sealed partial class LoggingBehaviour<TMessage, TResponse>(ILogger<TMessage> logger)
    : IPipelineBehavior<TMessage, TResponse>
    where TMessage : IMessage
    where TResponse : IResult<TResponse>
{
    public async ValueTask<TResponse> Handle(
        TMessage message, MessageHandlerDelegate<TMessage, TResponse> next, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        var response = await next(message, cancellationToken);
        var milliseconds = Stopwatch.GetElapsedTime(started).TotalMilliseconds;

        if (response.Error is { } error)
            LogRefused(logger, typeof(TMessage).Name, error.Code, milliseconds);
        else
            LogHandled(logger, typeof(TMessage).Name, milliseconds);

        return response;
    }

    [LoggerMessage(EventId = 1300, Level = LogLevel.Debug, Message = "{Name} handled in {Milliseconds:0.0} ms")]
    private static partial void LogHandled(ILogger logger, string name, double milliseconds);

    [LoggerMessage(EventId = 1301, Level = LogLevel.Information,
        Message = "{Name} refused with {Code} in {Milliseconds:0.0} ms")]
    private static partial void LogRefused(ILogger logger, string name, string code, double milliseconds);
}
