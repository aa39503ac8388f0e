using System.CommandLine;
using FaceSearch.Infrastructure.Persistence;

namespace FaceSearch.Api.Hosting.Maintenance;

/// <summary><c>migrate</c>: creates or migrates the configured database, as the server does at start.</summary>
internal static class MigrateCommand
{
    private static readonly Option<string?> Provider = new("--provider") { Description = "Else as configured" };

    private static readonly Option<string?> Connection = new("--connection")
    {
        Description = "SQLite's file or MySQL's connection string; else as configured. "
            + "Put a password into the variable Database__MySql, where other users can't read it",
        HelpName = "FILE|STRING",
    };

    private static readonly Option<bool> DryRun = new("--dry-run") { Description = "Only show what would be done" };

    static MigrateCommand() => Provider.AcceptOnlyFromAmong(Enum.GetNames<DatabaseProvider>());

    public static Command Build()
    {
        var command = new Command("migrate", "Create the database or bring its tables up to date.") { Provider, Connection, DryRun };
        command.Validators.Add(result =>
        {
            if (result.GetResult(Connection) is not null && result.GetResult(Provider) is null)
                result.AddError("--connection needs --provider: Sqlite or MySql.");
        });
        return command.SetHandler(MigrateAsync);
    }

    private static async Task<int> MigrateAsync(CommandRun run)
    {
        await using var server = ServerServices.Build(run, SettingsOf(run));
        var migrator = server.Services.GetRequiredService<DatabaseMigrator>();
        var before = await migrator.ReadStateAsync(run.Ct);
        var isDryRun = run.Get(DryRun);
        if (!isDryRun)
            await migrator.MigrateAsync(run.Ct);

        run.Show(new MigrationResult(before.Provider, before.Database, before.Applied, before.Pending, isDryRun), Write);
        return ExitCode.Done;
    }

    private static Dictionary<string, string?> SettingsOf(CommandRun run)
    {
        var settings = new Dictionary<string, string?>();
        if (run.Get(Provider) is { } provider)
            settings["Database:Provider"] = provider;
        if (run.Get(Connection) is { } connection)
            settings[run.Get(Provider) == nameof(DatabaseProvider.MySql) ? "Database:MySql" : "Database:SqliteFile"] = connection;
        return settings;
    }

    private static string Write(MigrationResult result)
    {
        var rows = result.AppliedBefore.Select(name => new[] { name, "applied before" })
            .Concat(result.Applied.Select(name => new[] { name, result.DryRun ? "to be applied" : "applied now" }));
        var summary = result.Applied.Count == 0
            ? $"The {result.Provider} database is up to date."
            : result.DryRun
                ? $"Nothing was done. Migrations to be applied: {result.Applied.Count}."
                : $"The {result.Provider} database is up to date now.";
        return $"{TextTable.Of(["migration", "state"], rows)}{Environment.NewLine}{summary}";
    }

    /// <param name="Database">Its name on the server; SQLite's is 'main'.</param>
    /// <param name="Applied">Applied now, or with <c>--dry-run</c> to be applied.</param>
    private sealed record MigrationResult(
        DatabaseProvider Provider, string Database, IReadOnlyList<string> AppliedBefore, IReadOnlyList<string> Applied, bool DryRun);
}
