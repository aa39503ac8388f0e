using System.CommandLine;
using FaceSearch.Cli.CommandLine;
using FaceSearch.Cli.Execution;
using FaceSearch.Cli.Output;

namespace FaceSearch.Cli.Search;

/// <summary><c>facesearch verify FIRST SECOND</c>: whether the main faces of two pictures are of one person.</summary>
internal static class VerifyCommand
{
    private static readonly Argument<FileInfo> First = new("first") { Description = "A picture" };

    private static readonly Argument<FileInfo> Second = new("second") { Description = "Another picture" };

    public static Command Build(CommandEnvironment environment) =>
        new Command("verify", "Whether two pictures show one person; exit code 3 when not.") { First, Second, CommonOptions.Tolerance }
            .SetHandler(environment, RunAsync);

    private static async Task<int> RunAsync(CommandContext context)
    {
        await using var first = PictureFile.Open(context.Get(First));
        await using var second = PictureFile.Open(context.Get(Second));
        var result = await context.Client.VerifyFacesAsync(
            tolerance: context.Get(CommonOptions.Tolerance), first: first.Parameter, second: second.Parameter, cancellationToken: context.Ct);
        context.Terminal.Show(result, verified => Tables.Line(
            $"{(verified.Match ? "One person" : "Two persons")}: distance {Plain.Distance(verified.Distance)}, tolerance {Plain.Distance(verified.Tolerance)}, model {verified.Model}"));
        return result.Match ? ExitCode.Done : ExitCode.Partial;
    }
}
