using System.CommandLine;
using System.Globalization;
using FaceSearch.Cli.CommandLine;
using FaceSearch.Cli.Execution;
using FaceSearch.Cli.Output;
using FaceSearch.Client;
using Spectre.Console.Rendering;

namespace FaceSearch.Cli.Search;

/// <summary><c>facesearch detect PICTURE</c>: the faces of a picture and their quality.</summary>
internal static class DetectCommand
{
    private static readonly Argument<FileInfo> Picture = new("picture") { Description = "JPEG, PNG, WebP, GIF or BMP" };

    public static Command Build(CommandEnvironment environment) =>
        new Command("detect", "The faces of a picture and their quality; exit code 3 when there is none.") { Picture }
            .SetHandler(environment, RunAsync);

    private static async Task<int> RunAsync(CommandContext context)
    {
        await using var picture = PictureFile.Open(context.Get(Picture));
        var found = await context.Client.DetectFacesAsync(file: picture.Parameter, cancellationToken: context.Ct);
        context.Terminal.Show(found, Draw);
        return found.Faces.Count > 0 ? ExitCode.Done : ExitCode.Partial;
    }

    private static IRenderable Draw(DetectFacesResponse found)
    {
        if (found.Faces.Count == 0)
            return Tables.Line("No face in the picture.");

        var table = Tables.New(">face", "box", ">score", ">sharpness", ">brightness", ">yaw", ">pitch", ">roll");
        foreach (var (face, number) in found.Faces.Select((face, i) => (face, i + 1)))
        {
            table.Add(
                $"{number}", $"{face.Box.Width} x {face.Box.Height} at {face.Box.X}, {face.Box.Y}", Text(face.Score, "0.00"),
                Text(face.Quality?.Sharpness, "0"), Text(face.Quality?.Brightness, "0"), Text(face.Quality?.Yaw, "0"),
                Text(face.Quality?.Pitch, "0"), Text(face.Quality?.Roll, "0"));
        }

        return table;
    }

    private static string Text(float? value, string format) => value?.ToString(format, CultureInfo.InvariantCulture) ?? "-";
}
