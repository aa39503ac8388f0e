namespace FaceSearch.Cli.CommandLine;

/// <summary>What a script can rely on; documented in <c>docs/cli.md</c>.</summary>
internal static class ExitCode
{
    public const int Done = 0;

    /// <summary>The server refused, can't be reached, or a file can't be read.</summary>
    public const int Error = 1;

    /// <summary>The command line itself is wrong; nothing was tried.</summary>
    public const int Usage = 2;

    /// <summary>It worked, but nobody was found, or some pictures failed.</summary>
    public const int NotAll = 3;

    /// <summary>Ctrl-C.</summary>
    public const int Interrupted = 130;
}
