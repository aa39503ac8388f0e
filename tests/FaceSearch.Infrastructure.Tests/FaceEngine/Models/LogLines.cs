using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace FaceSearch.Infrastructure.Tests.FaceEngine.Models;

/// <summary>Stores the log messages.</summary>
internal sealed class LogLines : ILoggerProvider, ILogger
{
    private readonly ConcurrentQueue<string> lines = new();

    private readonly ConcurrentDictionary<string, TaskCompletionSource> awaited = new();

    public IReadOnlyCollection<string> Lines => lines;

    /// <summary>Ends when a line begins with the text.</summary>
    public Task UntilAsync(string start)
    {
        var seen = awaited.GetOrAdd(start, _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        if (lines.Any(line => line.StartsWith(start, StringComparison.Ordinal)))
            seen.TrySetResult();

        return seen.Task;
    }

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        var line = formatter(state, exception);
        lines.Enqueue(line);
        foreach (var (start, seen) in awaited)
        {
            if (line.StartsWith(start, StringComparison.Ordinal))
                seen.TrySetResult();
        }
    }

    public void Dispose()
    {
    }
}
