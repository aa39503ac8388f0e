using System.CommandLine;
using System.Data.Common;

namespace FaceSearch.Api.Hosting.Maintenance;

internal static class CommandExtensions
{
    /// <summary>Sets a command's action, and turns its failures into messages and exit codes.</summary>
    public static Command SetHandler(this Command command, Func<CommandRun, Task<int>> work)
    {
        command.SetAction(async (parsed, ct) =>
        {
            var run = new CommandRun(parsed, ct);
            try
            {
                return await work(run);
            }
            catch (OperationCanceledException) when (ct.IsCancellationRequested)
            {
                await run.Error.WriteLineAsync("Stopped.");
                return ExitCode.Interrupted;
            }
            catch (Exception failure) when (Explain(failure) is { } line)
            {
                return run.Fail(line);
            }
        });
        return command;
    }

    /// <summary>Null for a bug, which keeps its stack trace.</summary>
    private static string? Explain(Exception failure) =>
        StartFailure.Explain(DatabaseFault(failure) ?? failure)
        ?? (failure is IOException or UnauthorizedAccessException ? failure.Message : null);

    /// <summary>EF Core wraps the last of several tries.</summary>
    private static DbException? DatabaseFault(Exception failure) =>
        failure as DbException ?? (failure.InnerException is { } inner ? DatabaseFault(inner) : null);
}
