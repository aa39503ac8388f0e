using Spectre.Console;

namespace FaceSearch.Cli.CommandLine;

/// <summary>All that a command touches of the process it runs in; a test puts others in their place.</summary>
/// <param name="Output">Standard output: results only.</param>
/// <param name="Error">Standard error: progress, remarks and errors.</param>
/// <param name="IsWatched">Somebody sits before standard error, so that a progress bar has a reader.</param>
/// <param name="CanAsk">Somebody sits before standard input.</param>
/// <param name="Variable">An environment variable, or null.</param>
/// <param name="NewHandler">The way to the server.</param>
internal sealed record Surroundings(
    TextWriter Output,
    TextWriter Error,
    bool IsWatched,
    bool CanAsk,
    Func<string, string?> Variable,
    Func<HttpMessageHandler> NewHandler,
    TimeProvider Time) : IDisposable
{
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(10);

    public static Surroundings OfThisProcess() => new(
        Console.Out,
        Console.Error,
        IsWatched: !Console.IsErrorRedirected,
        CanAsk: !Console.IsInputRedirected && !Console.IsErrorRedirected,
        Environment.GetEnvironmentVariable,
        () => new SocketsHttpHandler { ConnectTimeout = ConnectTimeout, PooledConnectionLifetime = TimeSpan.FromMinutes(5) },
        TimeProvider.System);

    /// <summary>A console on a writer. Colours only where a terminal is; a table in a pipe is wide enough for its content.</summary>
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
