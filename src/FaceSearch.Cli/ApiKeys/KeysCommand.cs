using System.CommandLine;
using System.Globalization;
using FaceSearch.Cli.CommandLine;
using FaceSearch.Cli.Connection;
using FaceSearch.Cli.Execution;
using FaceSearch.Cli.Output;
using FaceSearch.Client;
using Spectre.Console;

namespace FaceSearch.Cli.ApiKeys;

/// <summary>
/// <c>facesearch keys</c>: the API keys of the server. The secret of a key is printed once, when it is issued.
/// </summary>
internal static class KeysCommand
{
    private static readonly Argument<string> Name = new("name") { Description = "Whose key it is" };

    private static readonly Argument<string> KeyId = new("key-id") { Description = "As 'keys list' shows it; not the key itself" };

    private static readonly Option<ApiKeyScope[]> Scopes = new Option<ApiKeyScope[]>("--scope")
    {
        Description = "What the key may do: search, read, write, admin; may be repeated",
        Required = true,
        AllowMultipleArgumentsPerToken = true,
    }.TakesWords();

    private static readonly Option<string[]> Collections = new("--collection", "-c")
    {
        Description = "Only in this collection; may be repeated",
        HelpName = "NAME",
    };

    private static readonly Option<string?> Expires = new("--expires")
    {
        Description = "When it ends: a day such as 2030-12-31 (its end, UTC), or 90d from now",
        HelpName = "WHEN",
    };

    public static Command Build(CommandEnvironment environment) => new("keys", "Who may call the server: list, issue, revoke.")
    {
        new Command("list", "The keys, without their secrets.") { CommonOptions.Limit }.SetHandler(environment, ListAsync),
        new Command("issue", "Issue a key; its secret is shown once.") { Name, Scopes, Collections, Expires }
            .SetHandler(environment, IssueAsync),
        new Command("revoke", "Revoke a key.") { KeyId }.SetHandler(environment, RevokeAsync),
    };

    private static async Task<int> ListAsync(CommandContext context)
    {
        var keys = await Pages.ReadAsync(
            async (cursor, limit) =>
            {
                var page = await context.Client.ListKeysAsync(cursor, limit, context.Ct);
                return (page.Keys, page.NextCursor);
            },
            context.Get(CommonOptions.Limit));
        context.Terminal.Show(new { keys }, list => Draw(list.keys));
        return ExitCode.Done;
    }

    private static async Task<int> IssueAsync(CommandContext context)
    {
        var collections = context.Get(Collections) is { Length: > 0 } some ? some : null;
        var request = new IssueApiKeyRequest(
            name: context.Get(Name),
            scopes: context.Get(Scopes)!,
            collections: collections,
            expiresAt: ParseExpiry(context.Get(Expires), context.Environment.Time.GetUtcNow()));
        var issued = (await context.Client.IssueKeyAsync(body: request, cancellationToken: context.Ct)).Key;
        if (context.Terminal is { IsQuiet: true, IsJson: false })
        {
            context.Terminal.Say(issued.Secret);
            return ExitCode.Done;
        }

        context.Terminal.Show(issued, key => Tables.Below(
            Tables.Facts(
                ("key id", key.KeyId),
                ("name", key.Name),
                ("scopes", Words(key.Scopes)),
                ("collections", key.Collections is null ? "all" : string.Join(", ", key.Collections)),
                ("expires", key.ExpiresAt is null ? "never" : Plain.Moment(key.ExpiresAt)),
                ("secret", key.Secret)),
            Tables.Line("Keep the secret: it is shown this once and kept nowhere.")));
        return ExitCode.Done;
    }

    private static async Task<int> RevokeAsync(CommandContext context)
    {
        var keyId = context.Get(KeyId);
        await context.Client.RevokeKeyAsync(keyId, context.Ct);
        context.Terminal.Show(new { revoked = keyId }, gone => Tables.Line($"Key {gone.revoked} is revoked."));
        return ExitCode.Done;
    }

    /// <exception cref="CliException">The text is neither a day nor a number of days.</exception>
    internal static DateTimeOffset? ParseExpiry(string? text, DateTimeOffset now)
    {
        if (text is null)
            return null;
        if (text.EndsWith('d') && int.TryParse(text[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var days) && days is > 0 and < 36_500)
            return now.AddDays(days);
        if (DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
            return new DateTimeOffset(day.AddDays(1).ToDateTime(TimeOnly.MinValue), TimeSpan.Zero);

        throw new CliException($"'{text}' is not a valid end of a key: write a day such as 2030-12-31, or 90d.", ExitCode.Usage);
    }

    private static string Words(IEnumerable<ApiKeyScope> scopes) => string.Join(", ", scopes.Select(scope => scope.ToString().ToLowerInvariant()));

    private static Table Draw(IReadOnlyList<ApiKeyResponse> keys)
    {
        var table = Tables.New(">key id", "name", "scopes", "collections", "created", "expires", "last used");
        foreach (var key in keys)
        {
            table.Add(
                key.KeyId, key.Name, Words(key.Scopes), key.Collections is null ? "all" : string.Join(", ", key.Collections),
                Plain.Moment(key.CreatedAt), key.ExpiresAt is null ? "never" : Plain.Moment(key.ExpiresAt), Plain.Moment(key.LastUsedAt));
        }

        return table;
    }
}
