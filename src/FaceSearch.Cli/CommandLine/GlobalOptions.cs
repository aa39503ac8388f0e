using System.CommandLine;

namespace FaceSearch.Cli.CommandLine;

/// <summary>The options every command takes.</summary>
internal static class GlobalOptions
{
    public const string ServerVariable = "FACESEARCH_SERVER";
    public const string KeyVariable = "FACESEARCH_KEY";
    public const string DefaultServer = "http://localhost:8000";

    public static Option<string?> Server { get; } = new("--server", "-s")
    {
        Description = $"The server's address; else the variable {ServerVariable}, else {DefaultServer}",
        HelpName = "URL",
        Recursive = true,
    };

    public static Option<FileInfo?> KeyFile { get; } = new("--key-file")
    {
        Description = $"A file with the API key that only you can read; else the variable {KeyVariable}",
        HelpName = "FILE",
        Recursive = true,
    };

    public static Option<bool> AskKey { get; } = new("--ask-key")
    {
        Description = "Ask for the API key",
        Recursive = true,
    };

    public static Option<bool> Json { get; } = new("--json")
    {
        Description = "Plain JSON on standard output, no tables, no progress",
        Recursive = true,
    };

    public static Option<bool> Quiet { get; } = new("--quiet", "-q")
    {
        Description = "No progress and no remarks: results and errors only",
        Recursive = true,
    };

    public static Option<bool> Verbose { get; } = new("--verbose")
    {
        Description = "More about errors; with --json, progress as lines of JSON on standard error",
        Recursive = true,
    };

    public static IReadOnlyList<Option> All { get; } = [Server, KeyFile, AskKey, Json, Quiet, Verbose];
}
