using System.CommandLine;
using FaceSearch.Cli.CommandLine;
using FaceSearch.Cli.Execution;
using FaceSearch.Cli.Output;
using FaceSearch.Client;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace FaceSearch.Cli.Search;

/// <summary><c>facesearch search PICTURE</c>: searches every face of a picture.</summary>
internal static class SearchCommand
{
    private static readonly Argument<FileInfo> Picture = new("picture") { Description = "JPEG, PNG, WebP, GIF or BMP" };

    private static readonly Option<int?> K = new Option<int?>("--k", "-k")
    {
        Description = "The largest number of matches per face",
        HelpName = "COUNT",
    }.TakesWhole();

    private static readonly Option<bool> Group = new("--group", "-g") { Description = "The matches of one person together; k counts persons" };

    private static readonly Option<string[]> Persons = new("--person") { Description = "Only faces of the person with this name; may be repeated", HelpName = "NAME" };

    private static readonly Option<string[]> PersonIds = new("--person-id") { Description = "Only faces of the person with this id; may be repeated", HelpName = "ID" };

    private static readonly Option<string[]> Tags = new("--tag") { Description = "Only faces with this tag; repeated, with all of them", HelpName = "TAG" };

    public static Command Build(CommandEnvironment environment) =>
        new Command("search", "Search every face of a picture; exit code 3 when no match is found.")
        {
            Picture, CommonOptions.Collection, K, CommonOptions.Tolerance, Group, Persons, PersonIds, Tags,
        }.SetHandler(environment, RunAsync);

    private static async Task<int> RunAsync(CommandContext context)
    {
        await using var picture = PictureFile.Open(context.Get(Picture));
        var found = await context.Client.SearchCollectionAsync(
            context.Get(CommonOptions.Collection)!,
            context.Get(K),
            context.Get(CommonOptions.Tolerance),
            context.Get(Group) ? SearchGrouping.Person : null,
            context.Get(Persons),
            context.Get(PersonIds),
            context.Get(Tags),
            picture.Parameter,
            context.Ct);
        context.Terminal.Show(found, Draw);
        return found.Faces.Any(face => face.Matches.Count > 0) ? ExitCode.Done : ExitCode.Partial;
    }

    private static IRenderable Draw(SearchResponse found)
    {
        if (found.Faces.Count == 0)
            return Tables.Line("No face in the picture.");

        var isGrouped = found.Faces.Any(face => face.Groups is not null);
        var table = isGrouped
            ? Tables.New(">face", "box", ">rank", "person", ">distance", ">faces", ">person id")
            : Tables.New(">face", "box", ">rank", "person", ">distance", ">face id");
        foreach (var (face, number) in found.Faces.Select((face, i) => (face, i + 1)))
        {
            var rows = isGrouped ? Groups(face) : Matches(face);
            var heading = new[] { $"{number}", $"{face.Box.Width} x {face.Box.Height} at {face.Box.X}, {face.Box.Y}" };
            foreach (var row in rows)
            {
                table.Add([.. heading, .. row]);
                heading = ["", ""];
            }
        }

        return table;
    }

    private static IEnumerable<string[]> Matches(SearchedFaceResponse face) => face.Matches.Count == 0
        ? [["-", "no match within the tolerance", "-", "-"]]
        : face.Matches.Select(match => new[]
        {
            $"{match.Rank}", match.Person ?? "(no name)", Plain.Distance(match.Distance), match.FaceId,
        });

    private static IEnumerable<string[]> Groups(SearchedFaceResponse face) => face.Groups is not { Count: > 0 } groups
        ? [["-", "no match within the tolerance", "-", "-", "-"]]
        : groups.Select((group, i) => new[]
        {
            $"{i + 1}", group.Person ?? "(no name)", Plain.Distance(group.Distance), $"{group.Matches.Count}", group.PersonId ?? "-",
        });
}
