using System.CommandLine;
using FaceSearch.Cli.CommandLine;
using FaceSearch.Cli.Output;
using FaceSearch.Client;
using Spectre.Console.Rendering;

namespace FaceSearch.Cli.Search;

/// <summary><c>facesearch search PICTURE</c>: who is in the picture?</summary>
internal static class SearchCommand
{
    private static readonly Argument<FileInfo> Picture = new("picture") { Description = "JPEG, PNG, WebP, GIF or BMP" };

    private static readonly Option<int?> K = new("-k", "--k") { Description = "At most so many matches a face" };

    private static readonly Option<float?> Tolerance =
        new("--tolerance", "-t") { Description = "The largest distance that matches" };

    public static Command Build(Surroundings surroundings) =>
        new Command("search", "Search every face of a picture; exit code 3 when nobody is found.") { Picture, K, Tolerance }
            .Does(surroundings, RunAsync);

    private static async Task<int> RunAsync(Run run)
    {
        await using var picture = PictureFile.Open(run.Get(Picture));
        var found = await run.Client.SearchFacesAsync(run.Get(K), run.Get(Tolerance), picture.Parameter, run.Ct);
        run.Terminal.Show(found, Draw);
        return found.Faces.Any(face => face.Matches.Count > 0) ? ExitCode.Done : ExitCode.NotAll;
    }

    private static IRenderable Draw(SearchFacesResponse found)
    {
        if (found.Faces.Count == 0)
            return Tables.Line("No face in the picture.");

        var table = Tables.New(">face", "box", ">rank", "person", ">distance", ">face id");
        foreach (var (face, number) in found.Faces.Select((face, i) => (face, i + 1)))
        {
            var box = $"{face.Box.Width} x {face.Box.Height} at {face.Box.X}, {face.Box.Y}";
            if (face.Matches.Count == 0)
                table.Add($"{number}", box, "-", "nobody within the tolerance", "-", "-");
            foreach (var match in face.Matches)
            {
                table.Add(
                    match.Rank == 1 ? $"{number}" : "", match.Rank == 1 ? box : "", $"{match.Rank}",
                    match.Person ?? "(no name)", Plain.Distance(match.Distance), match.FaceId);
            }
        }

        return table;
    }
}
