using System.CommandLine;
using FaceSearch.Cli.CommandLine;
using FaceSearch.Cli.Execution;
using FaceSearch.Cli.Output;
using FaceSearch.Infrastructure.Persistence;
using FaceSearch.Infrastructure.Persistence.Mapping;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Spectre.Console.Rendering;

namespace FaceSearch.Cli.Local;

/// <summary><c>facesearch db migrate</c>: migrates the configured database, as the server does at start.</summary>
internal static class DatabaseCommand
{
    private static readonly Option<DatabaseProvider?> Provider =
        new Option<DatabaseProvider?>("--provider") { Description = "Sqlite or MySql; else as configured" }.TakesWord();

    private static readonly Option<string?> Connection = new("--connection")
    {
        Description = "SQLite's file or MySQL's connection string; else as configured. "
            + "Put a password into the variable Database__MySql, where other users can't read it",
        HelpName = "FILE|STRING",
    };

    private static readonly Option<bool> DryRun = new("--dry-run") { Description = "Only show what would be done" };

    public static Command Build(CommandEnvironment environment) => new("db", "Maintain the server's database, on this machine.")
    {
        new Command("migrate", "Create the database or bring its tables up to date.") { Provider, Connection, DryRun }
            .SetHandler(environment, context => LocalServices.ExplainAsync(() => MigrateAsync(context))),
    };

    private static async Task<int> MigrateAsync(CommandContext context)
    {
        using var host = LocalServices.Build(context.Terminal, SettingsOf(context));
        await using var scope = host.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<FaceSearchDbContext>();
        var before = (await db.Database.GetAppliedMigrationsAsync(context.Ct)).ToList();
        var pending = db.Database.GetMigrations().Except(before).ToList();
        var isDryRun = context.Get(DryRun);
        if (!isDryRun)
            await host.Services.GetRequiredService<DatabaseMigrator>().MigrateAsync(context.Ct);

        var result = new MigrationResult(
            db.Database.IsMySql() ? "MySql" : "Sqlite", db.Database.GetDbConnection().Database, before, pending, isDryRun);
        context.Terminal.Show(result, Draw);
        return ExitCode.Done;
    }

    private static Dictionary<string, string?> SettingsOf(CommandContext context)
    {
        var settings = new Dictionary<string, string?>();
        var provider = context.Get(Provider);
        if (provider is not null)
            settings["Database:Provider"] = provider.ToString();
        if (context.Get(Connection) is not { } connection)
            return settings;

        if (provider is null)
            throw new CliException("--connection needs --provider: Sqlite or MySql.", ExitCode.Usage);
        settings[provider == DatabaseProvider.MySql ? "Database:MySql" : "Database:SqliteFile"] = connection;
        return settings;
    }

    private static IRenderable Draw(MigrationResult result)
    {
        var table = Tables.New("migration", "state");
        foreach (var migration in result.AppliedBefore)
            table.Add(migration, "applied before");
        foreach (var migration in result.Applied)
            table.Add(migration, result.DryRun ? "to be applied" : "applied now");

        return Tables.Below(
            table,
            Tables.Line(result.Applied.Count == 0 ? $"The {result.Provider} database is up to date." : result.DryRun
                ? $"Nothing was done: {Plain.Count(result.Applied.Count, "migration", "migrations")} to be applied."
                : $"The {result.Provider} database is up to date now."));
    }

    /// <param name="Database">Its name on the server; SQLite's is 'main'.</param>
    /// <param name="Applied">Applied now, or with <c>--dry-run</c> to be applied.</param>
    private sealed record MigrationResult(
        string Provider, string Database, IReadOnlyList<string> AppliedBefore, IReadOnlyList<string> Applied, bool DryRun);
}
