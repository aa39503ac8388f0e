using System.Diagnostics;
using FaceSearch.Domain.Collections;
using FaceSearch.Infrastructure.Persistence.Mapping;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace FaceSearch.Infrastructure.Persistence.Sqlite;

internal sealed class SqliteFaceSearchDbContext(
    DbContextOptions<SqliteFaceSearchDbContext> options, SqliteWriteQueue writers) : FaceSearchDbContext(options)
{
    private const int ConstraintUnique = 2067;
    private const int ConstraintPrimaryKey = 1555;
    private const int ConstraintForeignKey = 787;

    public const int Busy = 5;
    private const int Locked = 6;
    private const int ReadWriteFailed = 10;
    private const int Full = 13;

    private static readonly TimeSpan ScrubPatience = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan ScrubPause = TimeSpan.FromMilliseconds(20);

    /// <summary>
    /// Deleted data is zeros in the tables, see <see cref="SqliteConnectionSettings"/>, but the write-ahead log holds the old pages
    /// until a checkpoint truncates it. Earlier readers block the checkpoint, so it is retried until they have ended.
    /// </summary>
    public override async Task<bool> TruncateDeletedDataAsync(CancellationToken ct)
    {
        for (var began = Stopwatch.GetTimestamp(); ; await Task.Delay(ScrubPause, ct))
        {
            if (await TryTruncateAsync(ct))
                return true;
            if (Stopwatch.GetElapsedTime(began) > ScrubPatience)
                return false;
        }
    }

    /// <summary>SQLite's own wait would block a thread.</summary>
    private async Task<bool> TryTruncateAsync(CancellationToken ct)
    {
        using var turn = await WaitForTurnAsync(ct);
        await Database.OpenConnectionAsync(ct);
        try
        {
            await Database.ExecuteSqlRawAsync("PRAGMA busy_timeout=0", ct);
            return await Database.SqlQueryRaw<int>("PRAGMA wal_checkpoint(TRUNCATE)").ToListAsync(ct) is [0];
        }
        finally
        {
            await Database.ExecuteSqlRawAsync($"PRAGMA busy_timeout={SqliteConnectionSettings.BusyTimeout}", CancellationToken.None);
            await Database.CloseConnectionAsync();
        }
    }

    public override async Task<IDisposable?> WaitForTurnAsync(CancellationToken ct) => await writers.WaitAsync(ct);

    /// <summary>Transactions begin with the write lock, so no other connection can write until this one ends.</summary>
    public override Task<Collection?> LockCollectionAsync(long collectionId, bool toChange, CancellationToken ct) =>
        Collections.AsNoTracking().FirstOrDefaultAsync(collection => collection.Id == collectionId, ct);

    /// <summary>Deferred: it takes no lock that a writer would wait for.</summary>
    protected override async Task<IDbContextTransaction> BeginReadingAsync(CancellationToken ct)
    {
        await Database.OpenConnectionAsync(ct);
        var connection = (SqliteConnection)Database.GetDbConnection();
        return (await Database.UseTransactionAsync(connection.BeginTransaction(deferred: true), ct))!;
    }

    protected override bool IsConstraintViolation(Exception? exception) => exception is SqliteException
    {
        SqliteExtendedErrorCode: ConstraintUnique or ConstraintPrimaryKey or ConstraintForeignKey,
    };

    protected override bool IsTransient(Exception exception) =>
        exception is SqliteException { SqliteErrorCode: Busy or Locked or ReadWriteFailed or Full }
        || IsRollbackOfNothing(exception);

    /// <summary>
    /// On a full disk SQLite rolls back automatically. The explicit rollback then fails, and its exception hides the
    /// original one.
    /// </summary>
    private static bool IsRollbackOfNothing(Exception exception) =>
        exception is SqliteException { SqliteErrorCode: 1 }
        && exception.Message.Contains("no transaction is active", StringComparison.Ordinal);
}
