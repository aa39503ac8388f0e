using Spectre.Console;

namespace FaceSearch.Cli.CommandLine;

/// <summary>The process's resources that a command uses; tests replace them.</summary>
/// <param name="Output">Standard output: results only.</param>
/// <param name="Error">Standard error: progress, remarks and errors.</param>
/// <param name="IsWatched">True when standard error is a terminal, so progress bars are shown.</param>
/// <param name="CanAsk">True when standard input is a terminal.</param>
/// <param name="Variable">An environment variable, or null.</param>
/// <param name="NewHandler">Creates the HTTP handler for the server.</param>
internal sealed record CommandEnvironment(
    TextWriter Output,
    TextWriter Error,
    bool IsWatched,
    bool CanAsk,
    Func<string, string?> Variable,
    Func<HttpMessageHandler> NewHandler,
    TimeProvider Time) : IDisposable
{
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(10);

    public static CommandEnvironment OfThisProcess() => new(
        Console.Out,
        Console.Error,
        IsWatched: !Console.IsErrorRedirected,
        CanAsk: !Console.IsInputRedirected && !Console.IsErrorRedirected,
        Environment.GetEnvironmentVariable,
        () => new SocketsHttpHandler { ConnectTimeout = ConnectTimeout, PooledConnectionLifetime = TimeSpan.FromMinutes(5) },
        TimeProvider.System);

    /// <summary>A console on a writer. Colours only on a terminal; a table in a pipe is as wide as its content.</summary>
    public static IAnsiConsole ConsoleOn(TextWriter writer, bool isTerminal)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(writer),
            Ansi = isTerminal ? AnsiSupport.Detect : AnsiSupport.No,
            ColorSystem = isTerminal ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
            Interactive = isTerminal ? InteractionSupport.Detect : InteractionSupport.No,
        });
        if (!isTerminal)
            console.Profile.Width = WidthOfAPipe;

        return console;
    }

    public void Dispose()
    {
        Output.Flush();
        Error.Flush();
    }

    private const int WidthOfAPipe = 250;
}
