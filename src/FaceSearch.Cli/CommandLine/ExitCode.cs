namespace FaceSearch.Cli.CommandLine;

/// <summary>The exit codes, stable for scripts; documented in <c>docs/cli.md</c>.</summary>
internal static class ExitCode
{
    public const int Done = 0;

    /// <summary>The server refused, a job stopped, the server can't be reached, or a file can't be read.</summary>
    public const int Error = 1;

    /// <summary>The command line is invalid; nothing was done.</summary>
    public const int Usage = 2;

    /// <summary>The command ran, with another result: no match, no face, some pictures failed.</summary>
    public const int Partial = 3;

    /// <summary>Ctrl-C.</summary>
    public const int Interrupted = 130;
}
