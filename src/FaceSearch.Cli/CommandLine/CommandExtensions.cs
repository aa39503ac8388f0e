using System.CommandLine;

namespace FaceSearch.Cli.CommandLine;

internal static class CommandExtensions
{
    /// <summary>Sets a command's action, and turns its failures into messages and exit codes.</summary>
    public static Command SetHandler(this Command command, Surroundings surroundings, Func<Run, Task<int>> work)
    {
        command.SetAction(async (parsed, ct) =>
        {
            var run = new Run(parsed, surroundings, ct);
            try
            {
                return await work(run);
            }
            catch (Exception failure) when (Failures.Explain(failure, run) is { } code)
            {
                return code;
            }
        });
        return command;
    }
}
