using FaceSearch.Cli.Output;
using Microsoft.Extensions.Logging;

namespace FaceSearch.Cli.Local;

/// <summary>Log lines of the server's parts as remarks on standard error.</summary>
internal sealed class TerminalLog(Terminal terminal) : ILoggerProvider, ILogger
{
    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel is not LogLevel.None;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        lock (terminal)
            terminal.Remark(formatter(state, exception));
    }

    public void Dispose()
    {
    }
}
