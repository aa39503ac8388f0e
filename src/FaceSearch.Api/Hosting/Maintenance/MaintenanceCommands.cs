using System.CommandLine;
using System.CommandLine.Invocation;

namespace FaceSearch.Api.Hosting.Maintenance;

/// <summary>The commands of the server's program, which use its database and models while no server needs to run.</summary>
internal static class MaintenanceCommands
{
    /// <summary>The timeout for cleaning up after Ctrl-C; then the process ends.</summary>
    private static readonly TimeSpan Tidying = TimeSpan.FromSeconds(5);

    /// <summary>
    /// True when the first argument is a word or asks for help. The server starts with any other: no argument, or a
    /// setting such as <c>--Urls=…</c>, <c>/Urls=…</c> or <c>Urls=…</c>.
    /// </summary>
    public static bool IsCommand(IReadOnlyList<string> arguments) =>
        arguments is [var first, ..]
        && (first is "--help" or "-h" || !(first.StartsWith('-') || first.StartsWith('/') || first.Contains('=', StringComparison.Ordinal)));

    /// <returns>An <see cref="ExitCode"/>.</returns>
    public static async Task<int> RunAsync(IReadOnlyList<string> arguments, TextWriter output, TextWriter error)
    {
        var parsed = Build().Parse(arguments);
        var isUsageError = parsed.Action is ParseErrorAction;
        var code = await parsed.InvokeAsync(new InvocationConfiguration
        {
            Output = isUsageError ? error : output,
            Error = error,
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = Tidying,
        });
        return isUsageError ? ExitCode.Usage : code;
    }

    private static RootCommand Build() => new("The FaceSearch server. Without a command it starts: its arguments are settings, such as --Urls=http://localhost:8001.")
    {
        CommandRun.Json,
        CommandRun.Verbose,
        MigrateCommand.Build(),
        ModelsCommand.Build(),
        KeysCommand.Build(),
    };
}
