namespace FaceSearch.Api.Hosting.Maintenance;

/// <summary>The exit codes, the same as those of <c>facesearch</c>; documented in <c>docs/cli.md</c>.</summary>
internal static class ExitCode
{
    public const int Done = 0;

    /// <summary>The database can't be opened, a file is not available, or a key was refused.</summary>
    public const int Error = 1;

    /// <summary>The command line is invalid; nothing was done.</summary>
    public const int Usage = 2;

    /// <summary>A needed file is missing or has a wrong hash.</summary>
    public const int Partial = 3;

    /// <summary>Ctrl-C.</summary>
    public const int Interrupted = 130;
}
