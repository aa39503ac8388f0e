using System.CommandLine;
using FaceSearch.Cli.CommandLine;

namespace FaceSearch.Cli.Execution;

internal static class CommandExtensions
{
    /// <summary>Sets a command's action, and turns its failures into messages and exit codes.</summary>
    public static Command SetHandler(this Command command, CommandEnvironment environment, Func<CommandContext, Task<int>> work)
    {
        command.SetAction(async (parsed, ct) =>
        {
            var context = new CommandContext(parsed, environment, ct);
            try
            {
                return await work(context);
            }
            catch (Exception failure) when (Failures.Explain(failure, context) is { } code)
            {
                return code;
            }
        });
        return command;
    }
}
