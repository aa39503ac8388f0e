using FaceSearch.Infrastructure.Persistence.Mapping;
using FaceSearch.Infrastructure.Persistence.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.Extensions.DependencyInjection;

namespace FaceSearch.Infrastructure.Persistence;

/// <summary>Creates the database at the first start and migrates its tables at later ones.</summary>
internal sealed class DatabaseMigrator(IServiceScopeFactory scopes)
{
    public async Task MigrateAsync(CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<FaceSearchDbContext>();
        var texts = scope.ServiceProvider.GetRequiredService<TextNormalizer>();
        if (db is SqliteFaceSearchDbContext)
            await MigrateSqliteAsync(db, texts, ct);
        else
            await MigrateMySqlAsync(db, texts, ct);
    }

    /// <summary>What <see cref="MigrateAsync"/> would do now. Changes nothing.</summary>
    public async Task<MigrationState> ReadStateAsync(CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<FaceSearchDbContext>();
        var applied = (await db.Database.GetAppliedMigrationsAsync(ct)).ToList();
        return new MigrationState(
            db is SqliteFaceSearchDbContext ? DatabaseProvider.Sqlite : DatabaseProvider.MySql,
            db.Database.GetDbConnection().Database,
            applied,
            [.. db.Database.GetMigrations().Except(applied)]);
    }

    private static async Task MigrateSqliteAsync(FaceSearchDbContext db, TextNormalizer texts, CancellationToken ct)
    {
        using var alone = await SqliteMigrationLock.TakeAsync(db, ct);
        await MigrateTablesAsync(db, texts, ct);

        // EF Core sets write-ahead logging when it creates the file; a restored copy may have lost it.
        await db.Database.ExecuteSqlRawAsync("PRAGMA journal_mode=WAL", ct);

        // An erasure may have been interrupted before this step.
        await db.Database.ExecuteSqlRawAsync("PRAGMA wal_checkpoint(TRUNCATE)", ct);
    }

    private static async Task MigrateMySqlAsync(FaceSearchDbContext db, TextNormalizer texts, CancellationToken ct)
    {
        // No timeout: a migration may copy a table of millions of rows.
        db.Database.SetCommandTimeout(0);
        await MigrateTablesAsync(db, texts, ct);
    }

    /// <summary>SQL can't normalize texts, so the rows are normalized before the migration that says so is applied.</summary>
    private static async Task MigrateTablesAsync(FaceSearchDbContext db, TextNormalizer texts, CancellationToken ct)
    {
        var migrations = db.Database.GetMigrations().ToList();
        var normalization = migrations.FindIndex(name => name.EndsWith("_NormalTexts", StringComparison.Ordinal));
        if (!(await db.Database.GetAppliedMigrationsAsync(ct)).Contains(migrations[normalization]))
        {
            await db.GetService<IMigrator>().MigrateAsync(migrations[normalization - 1], ct);
            await texts.NormalizeAsync(ct);
        }

        await db.Database.MigrateAsync(ct);
    }
}

/// <param name="Database">Its name on the server; SQLite's is 'main'.</param>
internal sealed record MigrationState(
    DatabaseProvider Provider, string Database, IReadOnlyList<string> Applied, IReadOnlyList<string> Pending);
