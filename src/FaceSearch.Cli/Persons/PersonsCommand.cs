using System.CommandLine;
using FaceSearch.Cli.CommandLine;
using FaceSearch.Cli.Connection;
using FaceSearch.Cli.Execution;
using FaceSearch.Cli.Jobs;
using FaceSearch.Cli.Output;
using FaceSearch.Client;
using Spectre.Console.Rendering;

namespace FaceSearch.Cli.Persons;

/// <summary><c>facesearch persons</c>: the persons of a collection.</summary>
internal static class PersonsCommand
{
    private static readonly Argument<string> Person = new("person") { Description = "The person's id or name" };

    private static readonly Argument<string> NewName = new("name") { Description = "The new name" };

    private static readonly Argument<string[]> Others = new("others")
    {
        Description = "Ids or names of the persons to merge; they are removed",
        Arity = ArgumentArity.OneOrMore,
    };

    private static readonly Option<string?> Prefix = new("--name") { Description = "Only names that begin with this prefix", HelpName = "PREFIX" };

    public static Command Build(CommandEnvironment environment) => new("persons", "The persons of a collection: list, rename, merge, erase.")
    {
        new Command("list", "The persons by name.") { CommonOptions.Collection, Prefix, CommonOptions.Limit }
            .SetHandler(environment, ListAsync),
        new Command("rename", "Rename a person.") { Person, NewName, CommonOptions.Collection }
            .WithPersons().SetHandler(environment, RenameAsync),
        new Command("merge", "Merge persons; the first one stays.") { Person, Others, CommonOptions.Collection }
            .WithPersons().SetHandler(environment, MergeAsync),
        new Command("erase", "Erase a person with all faces and pictures, for good.") { Person, CommonOptions.Collection, CommonOptions.Yes }
            .WithPersons().SetHandler(environment, EraseAsync),
    };

    private static async Task<int> ListAsync(CommandContext context)
    {
        var persons = await FindAsync(context, context.Get(Prefix), context.Get(CommonOptions.Limit));
        context.Terminal.Show(new { persons }, list => Draw(list.persons));
        return ExitCode.Done;
    }

    private static async Task<int> RenameAsync(CommandContext context)
    {
        var id = await context.FindPersonIdAsync(context.Get(Person));
        var person = await context.Client.RenamePersonAsync(
            CollectionOf(context), id, body: new RenamePersonRequest(context.Get(NewName)), cancellationToken: context.Ct);
        context.Terminal.Show(person, DrawChanged);
        return ExitCode.Done;
    }

    private static async Task<int> MergeAsync(CommandContext context)
    {
        var id = await context.FindPersonIdAsync(context.Get(Person));
        var others = new List<string>();
        foreach (var other in context.Get(Others))
            others.Add(await context.FindPersonIdAsync(other));

        var person = await context.Client.MergePersonsAsync(
            CollectionOf(context), id, body: new MergePersonsRequest(others), cancellationToken: context.Ct);
        context.Terminal.Show(person, DrawChanged);
        return ExitCode.Done;
    }

    private static async Task<int> EraseAsync(CommandContext context)
    {
        var id = await context.FindPersonIdAsync(context.Get(Person));
        var person = await context.Client.GetPersonAsync(CollectionOf(context), id, cancellationToken: context.Ct);
        context.Terminal.Confirm(
            $"Erase {person.Name} with {Plain.Count(person.FaceCount, "face", "faces")} from collection '{CollectionOf(context)}' for good?",
            context.Get(CommonOptions.Yes));
        var receipt = await EraseAsync(context, id);
        context.Terminal.Show(receipt, erased => Tables.Facts(
            ("receipt", $"{erased.ReceiptId}"),
            ("erased at", Plain.Moment(erased.ErasedAt)),
            ("faces", Plain.Number(erased.FaceCount)),
            ("pictures", Plain.Number(erased.ImageCount)),
            ("lines of jobs", Plain.Number(erased.JobItemCount)),
            ("exclusions", Plain.Number(erased.ExclusionCount)),
            ("archives", Plain.Number(erased.ArchiveCount))));
        return ExitCode.Done;
    }

    /// <summary>Waits for the erasure's job when the server answers before all is deleted.</summary>
    private static async Task<ErasureReceiptResponse> EraseAsync(CommandContext context, string id)
    {
        var receipt = await context.Client.ErasePersonAsync(CollectionOf(context), id, cancellationToken: context.Ct);
        if (receipt.PendingJobId is not { } jobId)
            return receipt;

        var ended = await new JobWatch(context.Client, new JobStatus()).UntilEndedAsync($"{jobId}", context.Ct);
        return ended.State == EnrolmentJobState.Succeeded
            ? ended.Receipt!
            : throw new CliException($"The erasure stopped: {ended.Failure} ({ended.FailureCode}). To go on: facesearch jobs retry {jobId}");
    }

    private static string CollectionOf(CommandContext context) => context.Get(CommonOptions.Collection)!;

    private static Task<IReadOnlyList<PersonResponse>> FindAsync(CommandContext context, string? prefix, int most) => Pages.ReadAsync(
        async (cursor, limit) =>
        {
            var page = await context.Client.ListPersonsAsync(
                CollectionOf(context), prefix, cursor, limit: limit, cancellationToken: context.Ct);
            return (page.Persons, page.NextCursor);
        },
        most);

    private static IRenderable DrawChanged(ChangedPersonResponse person)
    {
        var table = Tables.New(">id", "name");
        table.Add(person.PersonId, person.Name ?? "(not shown to this key)");
        return table;
    }

    private static IRenderable Draw(IReadOnlyList<PersonResponse> persons)
    {
        if (persons.Count == 0)
            return Tables.Line("No persons.");

        var table = Tables.New(">id", "name", ">faces");
        foreach (var person in persons)
            table.Add(person.PersonId, person.Name, Plain.Number(person.FaceCount));
        return table;
    }
}
