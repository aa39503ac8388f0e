using System.CommandLine;
using FaceSearch.Cli.CommandLine;
using FaceSearch.Cli.Connection;
using FaceSearch.Cli.Execution;
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

    public static Command Build(CommandEnvironment environment) => new("collections", "The named sets of faces: list, create, remove.")
    {
        new Command("list", "The collections by name.") { CommonOptions.Limit }.SetHandler(environment, ListAsync),
        new Command("create", "Create an empty collection.") { Name, Profile }.SetHandler(environment, CreateAsync),
        new Command("remove", "Remove a collection with all that is in it.") { Name, CommonOptions.Yes }
            .SetHandler(environment, RemoveAsync),
    };

    private static async Task<int> ListAsync(CommandContext context)
    {
        var collections = await Pages.ReadAsync(
            async (cursor, limit) =>
            {
                var page = await context.Client.ListCollectionsAsync(cursor, limit, context.Ct);
                return (page.Collections, page.NextCursor);
            },
            context.Get(CommonOptions.Limit));
        context.Terminal.Show(new { collections }, list => Draw(list.collections));
        return ExitCode.Done;
    }

    private static async Task<int> CreateAsync(CommandContext context)
    {
        var request = new CreateCollectionRequest(name: context.Get(Name), profile: context.Get(Profile));
        var made = await context.Client.CreateCollectionAsync(body: request, cancellationToken: context.Ct);
        context.Terminal.Show(made, collection => Draw([collection]));
        return ExitCode.Done;
    }

    private static async Task<int> RemoveAsync(CommandContext context)
    {
        var collection = await context.Client.GetCollectionAsync(context.Get(Name), context.Ct);
        context.Terminal.Confirm(
            $"Remove collection '{collection.Name}' with {Plain.Count(collection.FaceCount, "face", "faces")} for good?",
            context.Get(CommonOptions.Yes));
        await context.Client.RemoveCollectionAsync(collection.Name, context.Ct);
        context.Terminal.Show(new { removed = collection.Name }, gone => Tables.Line($"Collection '{gone.removed}' is removed."));
        return ExitCode.Done;
    }

    private static Table Draw(IReadOnlyList<CollectionResponse> collections)
    {
        var table = Tables.New("collection", "model", ">faces", ">persons", "created");
        foreach (var collection in collections)
        {
            table.Add(
                collection.Name, collection.Model, Plain.Number(collection.FaceCount), Plain.Number(collection.PersonCount),
                Plain.Moment(collection.CreatedAt));
        }

        return table;
    }
}
