namespace FaceSearch.Cli.CommandLine;

/// <summary>An error that the user can fix. The message is shown unchanged: what is wrong, and what to do.</summary>
internal sealed class CliException(string message, int exitCode = ExitCode.Error) : Exception(message)
{
    public int ExitCode { get; } = exitCode;
}
