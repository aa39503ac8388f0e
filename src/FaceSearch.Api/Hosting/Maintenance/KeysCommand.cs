using System.CommandLine;
using FaceSearch.Api.Access;
using FaceSearch.Application.Abstractions;
using FaceSearch.Application.Access;
using FaceSearch.Application.Audit;
using FaceSearch.Application.Paging;
using FaceSearch.Application.Results;
using FaceSearch.Domain.Access;
using FaceSearch.Domain.Audit;
using FaceSearch.Infrastructure.Persistence;
using Mediator;

namespace FaceSearch.Api.Hosting.Maintenance;

/// <summary><c>keys</c>: the API keys in the configured database, for an admin who has lost the key.</summary>
internal static class KeysCommand
{
    private static readonly Argument<string> Name = new("name") { Description = "Whose key it is; another name than every other key's" };

    private static readonly Option<string?> Revoke = new("--revoke")
    {
        Description = "Revoke the key of this name after that, for example the lost one; the first start's is named admin",
        HelpName = "NAME",
    };

    public static Command Build() => new("keys", "List the API keys, or replace a lost admin key.")
    {
        new Command("list", "The keys, without their secrets.").SetHandler(run => WithDatabaseAsync(run, ListAsync)),
        new Command("replace-admin", "Issue an admin key. Only its secret goes to standard output, this once.") { Name, Revoke }
            .SetHandler(run => WithDatabaseAsync(run, ReplaceAsync)),
    };

    /// <summary>Keys need the tables of this version; a command about keys does not change tables.</summary>
    private static async Task<int> WithDatabaseAsync(CommandRun run, Func<CommandRun, IServiceProvider, Task<int>> work)
    {
        await using var server = ServerServices.Build(run);
        var state = await server.Services.GetRequiredService<DatabaseMigrator>().ReadStateAsync(run.Ct);
        if (state.Pending.Count > 0)
            return run.Fail($"The {state.Provider} database has no tables of this version yet. Run the command 'migrate', or start the server once.");

        await using var scope = server.Services.CreateAsyncScope();
        return await work(run, scope.ServiceProvider);
    }

    private static async Task<int> ListAsync(CommandRun run, IServiceProvider services)
    {
        var keys = await ReadAllAsync(services, run.Ct);
        run.Show(new { keys = keys.Select(ApiKeyResponse.From) }, list => TextTable.Of(
            ["key id", "name", "scopes", "collections", "created", "expires", "last used"], list.keys.Select(Row)));
        return ExitCode.Done;
    }

    private static async Task<int> ReplaceAsync(CommandRun run, IServiceProvider services)
    {
        var lostName = run.Get(Revoke);
        var lost = (await ReadAllAsync(services, run.Ct)).FirstOrDefault(key => key.Name == lostName);
        if (lostName is not null && lost is null)
            return run.Fail($"There is no key named '{lostName}'. The command 'keys list' shows the names. Nothing was done.");

        var sender = services.GetRequiredService<ISender>();
        var issued = await sender.Send(new IssueApiKeyCommand(run.Get(Name), AccessScopes.All, null, null), run.Ct);
        if (issued.Error is { } refused)
            return run.Fail(TextOf(refused));

        await LogAsync(services, "issueKey", issued.Value.Key.Id, StatusCodes.Status201Created);
        run.Show(IssuedApiKeyResponse.From(issued.Value).Key, key => key.Secret);
        await run.Error.WriteLineAsync("Keep the secret: it is shown this once and not stored.");
        if (lost is null)
            return ExitCode.Done;

        var revoked = await sender.Send(new RevokeApiKeyCommand(EntityId.Format(lost.Id)), run.Ct);
        if (revoked.Error is { } kept)
            return run.Fail(TextOf(kept));

        await LogAsync(services, "revokeKey", lost.Id, StatusCodes.Status204NoContent);
        await run.Error.WriteLineAsync($"The key '{lost.Name}' is revoked.");
        return ExitCode.Done;
    }

    private static async Task<IReadOnlyList<ApiKeyResult>> ReadAllAsync(IServiceProvider services, CancellationToken ct)
    {
        var sender = services.GetRequiredService<ISender>();
        var keys = new List<ApiKeyResult>();
        string? cursor = null;
        do
        {
            var page = (await sender.Send(new ListApiKeysQuery(cursor, Page.MaxLimit), ct)).Value;
            keys.AddRange(page.Items);
            cursor = page.NextCursor;
        }
        while (cursor is not null);

        return keys;
    }

    /// <summary>The same entry as for a call of the API, without a key.</summary>
    private static Task LogAsync(IServiceProvider services, string operation, long keyId, int status) =>
        services.GetRequiredService<AuditLog>().WriteAsync(new AuditEntry
        {
            At = services.GetRequiredService<TimeProvider>().GetUtcNow().UtcDateTime,
            Action = operation,
            Subject = EntityId.Format(keyId),
            Status = status,
        });

    private static string TextOf(Error error) =>
        error.Fields is { } fields ? string.Join(' ', fields.SelectMany(field => field.Value)) : error.Message;

    private static string[] Row(ApiKeyResponse key) =>
    [
        key.KeyId,
        key.Name,
        string.Join(", ", key.Scopes).ToLowerInvariant(),
        key.Collections is null ? "all" : string.Join(", ", key.Collections),
        $"{key.CreatedAt:u}",
        key.ExpiresAt is null ? "never" : $"{key.ExpiresAt:u}",
        key.LastUsedAt is null ? "-" : $"{key.LastUsedAt:u}",
    ];
}
