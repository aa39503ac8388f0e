namespace FaceSearch.Api.Hosting.Maintenance;

/// <summary>Writes the messages of log entries, one per line.</summary>
internal sealed class CommandLog(TextWriter writer) : ILoggerProvider, ILogger
{
    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel is not LogLevel.None;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        lock (writer)
            writer.WriteLine(formatter(state, exception));
    }

    public void Dispose()
    {
    }
}
