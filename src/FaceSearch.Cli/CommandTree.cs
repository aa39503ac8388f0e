using System.CommandLine;
using System.CommandLine.Invocation;
using FaceSearch.Cli.ApiKeys;
using FaceSearch.Cli.Calibration;
using FaceSearch.Cli.Collections;
using FaceSearch.Cli.CommandLine;
using FaceSearch.Cli.Import;
using FaceSearch.Cli.Jobs;
using FaceSearch.Cli.Persons;
using FaceSearch.Cli.Search;

namespace FaceSearch.Cli;

/// <summary>All commands, and how they run.</summary>
internal static class CommandTree
{
    /// <summary>The timeout for cleaning up after Ctrl-C; then the process ends.</summary>
    private static readonly TimeSpan Tidying = TimeSpan.FromSeconds(5);

    public static async Task<int> RunAsync(IReadOnlyList<string> arguments, CommandEnvironment environment)
    {
        var configuration = new InvocationConfiguration
        {
            Output = environment.Output,
            Error = environment.Error,
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = Tidying,
        };
        var parsed = Build(environment).Parse(arguments);
        var code = await parsed.InvokeAsync(configuration);
        return parsed.Action is ParseErrorAction ? ExitCode.Usage : code;
    }

    public static RootCommand Build(CommandEnvironment environment)
    {
        var root = new RootCommand("Enrol and search faces on a FaceSearch server.");
        foreach (var option in GlobalOptions.All)
            root.Add(option);

        root.Add(ImportCommand.Build(environment));
        root.Add(SearchCommand.Build(environment));
        root.Add(VerifyCommand.Build(environment));
        root.Add(DetectCommand.Build(environment));
        root.Add(CalibrateCommand.Build(environment));
        root.Add(PersonsCommand.Build(environment));
        root.Add(CollectionsCommand.Build(environment));
        root.Add(ExportCommand.Build(environment));
        root.Add(ImportCollectionCommand.Build(environment));
        root.Add(JobsCommand.Build(environment));
        root.Add(KeysCommand.Build(environment));
        return root;
    }
}
