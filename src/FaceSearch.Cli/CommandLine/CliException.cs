namespace FaceSearch.Cli.CommandLine;

/// <summary>Something the user can put right. The message is shown as it is: what is wrong, and what to do.</summary>
internal sealed class CliException(string message, int exitCode = ExitCode.Error) : Exception(message)
{
    public int ExitCode { get; } = exitCode;
}
