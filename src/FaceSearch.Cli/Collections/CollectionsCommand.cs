using System.CommandLine;
using FaceSearch.Cli.CommandLine;
using FaceSearch.Cli.Connection;
using FaceSearch.Cli.Output;
using FaceSearch.Client;
using Spectre.Console;

namespace FaceSearch.Cli.Collections;

/// <summary><c>facesearch collections</c>: the named sets of faces on the server.</summary>
internal static class CollectionsCommand
{
    private static readonly Argument<string> Name = new("name") { Description = "The collection's name" };

    private static readonly Option<string?> Profile = new("--profile")
    {
        Description = "The engine profile or model that makes its embeddings; the server's own by default",
        HelpName = "NAME",
    };

    public static Command Build(Surroundings surroundings) => new("collections", "The named sets of faces: list, create, remove.")
    {
        new Command("list", "The collections by name.") { CommonOptions.Limit }.SetHandler(surroundings, ListAsync),
        new Command("create", "Create an empty collection.") { Name, Profile }.SetHandler(surroundings, CreateAsync),
        new Command("remove", "Remove a collection with all that is in it.") { Name, CommonOptions.Yes }
            .SetHandler(surroundings, RemoveAsync),
    };

    private static async Task<int> ListAsync(Run run)
    {
        var collections = await Pages.ReadAsync(
            async (cursor, limit) =>
            {
                var page = await run.Client.ListCollectionsAsync(cursor, limit, run.Ct);
                return (page.Collections, page.NextCursor);
            },
            run.Get(CommonOptions.Limit));
        run.Terminal.Show(new { collections }, list => Draw(list.collections));
        return ExitCode.Done;
    }

    private static async Task<int> CreateAsync(Run run)
    {
        var request = new CreateCollectionRequest(name: run.Get(Name), profile: run.Get(Profile));
        var made = await run.Client.CreateCollectionAsync(body: request, cancellationToken: run.Ct);
        run.Terminal.Show(made, collection => Draw([collection]));
        return ExitCode.Done;
    }

    private static async Task<int> RemoveAsync(Run run)
    {
        var collection = await run.Client.GetCollectionAsync(run.Get(Name), run.Ct);
        run.Terminal.Confirm(
            $"Remove collection '{collection.Name}' with {Plain.Count(collection.Faces, "face", "faces")} for good?",
            run.Get(CommonOptions.Yes));
        await run.Client.RemoveCollectionAsync(collection.Name, run.Ct);
        run.Terminal.Show(new { removed = collection.Name }, gone => Tables.Line($"Collection '{gone.removed}' is removed."));
        return ExitCode.Done;
    }

    private static Table Draw(IReadOnlyList<CollectionResponse> collections)
    {
        var table = Tables.New("collection", "model", ">faces", ">persons", "created");
        foreach (var collection in collections)
        {
            table.Add(
                collection.Name, collection.Model, Plain.Number(collection.Faces), Plain.Number(collection.Persons),
                Plain.Moment(collection.CreatedAt));
        }

        return table;
    }
}
