using FaceSearch.Cli.CommandLine;
using FaceSearch.Client;

namespace FaceSearch.Cli.Execution;

/// <summary>Writes a failure's message to standard error and returns the exit code.</summary>
internal static class Failures
{
    /// <summary>Null for a bug, which keeps its stack trace.</summary>
    public static int? Explain(Exception failure, CommandContext context)
    {
        switch (failure)
        {
            case OperationCanceledException when context.Ct.IsCancellationRequested:
                context.Terminal.Remark("Stopped.");
                return ExitCode.Interrupted;
            case FaceSearchException<ProblemResponse> { Result: { } problem }:
                context.Terminal.ShowProblem(problem, AdviceFor(problem, context));
                return ExitCode.Error;
            case FaceSearchException unexpected:
                context.Terminal.ShowError(
                    $"{context.Server} answered with status {unexpected.StatusCode} and a body that a FaceSearch server of this version does not send.",
                    "Is it a FaceSearch server, and of the same version as this program?");
                return ExitCode.Error;
            case HttpRequestException unreachable:
                context.Terminal.ShowError(
                    $"The server at {context.Server} can't be reached: {unreachable.Message}",
                    $"Is it running? Another address: --server URL, or the variable {GlobalOptions.ServerVariable}.");
                return ExitCode.Error;
            case TimeoutException slow:
                context.Terminal.ShowError($"The server at {context.Server} does not answer: {slow.Message}", null);
                return ExitCode.Error;
            case CliException own:
                context.Terminal.ShowError(own.Message, null);
                return own.ExitCode;
            case IOException or UnauthorizedAccessException:
                context.Terminal.ShowError(failure.Message, null);
                return ExitCode.Error;
            default:
                return null;
        }
    }

    private static string? AdviceFor(ProblemResponse problem, CommandContext context) => problem.Status switch
    {
        401 when !context.HasKey =>
            $"Put the key into the variable {GlobalOptions.KeyVariable}, into a file that only you can read "
            + "(--key-file FILE), or have it asked for (--ask-key).",
        401 => "The server does not know this key: was it revoked, has it expired, or is it another server's?",
        _ => null,
    };
}
