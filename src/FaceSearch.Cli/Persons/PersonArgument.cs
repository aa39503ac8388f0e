using System.CommandLine;
using FaceSearch.Cli.CommandLine;
using FaceSearch.Cli.Execution;
using FaceSearch.Client;

namespace FaceSearch.Cli.Persons;

/// <summary>
/// A person as an argument: an id or an exact name. A text that is the id of one person and the name of another is wrong
/// usage, unless an option says which is meant.
/// </summary>
internal static class PersonArgument
{
    private static readonly Option<bool> IsId = new("--id") { Description = "The persons are given by their ids" };

    private static readonly Option<bool> IsName = new("--name") { Description = "The persons are given by their names" };

    public static Command WithPersons(this Command command)
    {
        command.Options.Add(IsId);
        command.Options.Add(IsName);
        command.Validators.Add(result =>
        {
            if (result.GetValue(IsId) && result.GetValue(IsName))
                result.AddError("--id and --name exclude each other.");
        });
        return command;
    }

    /// <exception cref="CliException">There is no such person, or the text may mean two.</exception>
    public static async Task<string> FindPersonIdAsync(this CommandContext context, string person)
    {
        if (context.Get(IsId))
            return person;

        var named = await FindByNameAsync(context, person);
        var numbered = context.Get(IsName) || !person.All(char.IsAsciiDigit) ? null : await FindByIdAsync(context, person);
        if (named is not null && numbered is not null && named.PersonId != numbered.PersonId)
            throw new CliException(
                $"'{person}' is the id of '{numbered.Name}' and the name of the person with the id {named.PersonId}. "
                + "Say which is meant with --id or --name. Nothing was done.",
                ExitCode.Usage);

        return (named ?? numbered)?.PersonId
            ?? throw new CliException($"There is no person '{person}' in the collection: facesearch persons list --name tells who is.");
    }

    private static async Task<PersonResponse?> FindByNameAsync(CommandContext context, string name)
    {
        var page = await context.Client.ListPersonsAsync(
            context.Get(CommonOptions.Collection)!, name, exact: true, limit: 1, cancellationToken: context.Ct);
        return page.Persons is [var person, ..] ? person : null;
    }

    private static async Task<PersonResponse?> FindByIdAsync(CommandContext context, string id)
    {
        try
        {
            return await context.Client.GetPersonAsync(context.Get(CommonOptions.Collection)!, id, cancellationToken: context.Ct);
        }
        catch (FaceSearchException<ProblemResponse> missing) when (missing.Result.Type.EndsWith(":person-not-found", StringComparison.Ordinal))
        {
            return null;
        }
    }
}
