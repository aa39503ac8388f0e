using System.CommandLine;
using System.CommandLine.Invocation;
using FaceSearch.Cli.ApiKeys;
using FaceSearch.Cli.Calibration;
using FaceSearch.Cli.Collections;
using FaceSearch.Cli.CommandLine;
using FaceSearch.Cli.Enrolment;
using FaceSearch.Cli.Local;
using FaceSearch.Cli.Persons;
using FaceSearch.Cli.Search;

namespace FaceSearch.Cli;

/// <summary>All commands, and how they run.</summary>
internal static class CommandTree
{
    /// <summary>The timeout for cleaning up after Ctrl-C; then the process ends.</summary>
    private static readonly TimeSpan Tidying = TimeSpan.FromSeconds(5);

    public static async Task<int> RunAsync(IReadOnlyList<string> arguments, Surroundings surroundings)
    {
        var configuration = new InvocationConfiguration
        {
            Output = surroundings.Output,
            Error = surroundings.Error,
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = Tidying,
        };
        var parsed = Build(surroundings).Parse(arguments);
        var code = await parsed.InvokeAsync(configuration);
        return parsed.Action is ParseErrorAction ? ExitCode.Usage : code;
    }

    public static RootCommand Build(Surroundings surroundings)
    {
        var root = new RootCommand("Enrol and search faces on a FaceSearch server.");
        foreach (var option in GlobalOptions.All)
            root.Add(option);

        root.Add(ImportCommand.Build(surroundings));
        root.Add(SearchCommand.Build(surroundings));
        root.Add(VerifyCommand.Build(surroundings));
        root.Add(DetectCommand.Build(surroundings));
        root.Add(CalibrateCommand.Build(surroundings));
        root.Add(PersonsCommand.Build(surroundings));
        root.Add(CollectionsCommand.Build(surroundings));
        root.Add(ExportCommand.BuildExport(surroundings));
        root.Add(ExportCommand.BuildImport(surroundings));
        root.Add(JobsCommand.Build(surroundings));
        root.Add(KeysCommand.Build(surroundings));
        root.Add(ModelsCommand.Build(surroundings));
        root.Add(DatabaseCommand.Build(surroundings));
        return root;
    }
}
