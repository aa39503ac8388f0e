using System.Diagnostics;
using Microsoft.EntityFrameworkCore;

namespace FaceSearch.Infrastructure.Persistence.Sqlite;

/// <summary>
/// Lets one process at a time migrate a SQLite file. EF Core's own lock is a row, which a killed process leaves behind
/// forever. The operating system releases a file lock when its process ends. The holder of the file lock may delete the
/// row.
/// </summary>
internal static class SqliteMigrationLock
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    /// <summary>
    /// The timeout, longer than any migration. After it, the cause is probably a folder that is not writable.
    /// </summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    public static async Task<IDisposable> TakeAsync(DbContext db, CancellationToken ct)
    {
        var file = await OpenAsync(db.Database.GetDbConnection().DataSource + ".migrating", ct);
        try
        {
            await ClearAsync(db, ct);
            return file;
        }
        catch
        {
            await file.DisposeAsync();
            throw;
        }
    }

    private static async Task<FileStream> OpenAsync(string path, CancellationToken ct)
    {
        for (var began = Stopwatch.GetTimestamp(); ; await Task.Delay(Pause, ct))
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (Stopwatch.GetElapsedTime(began) < Patience)
            {
                // Another process migrates.
            }
        }
    }

    private static async Task ClearAsync(DbContext db, CancellationToken ct)
    {
        var tables = await db.Database
            .SqlQueryRaw<string>("SELECT name AS Value FROM sqlite_master WHERE name = '__EFMigrationsLock'").ToListAsync(ct);
        if (tables.Count > 0)
            await db.Database.ExecuteSqlRawAsync("DELETE FROM __EFMigrationsLock", ct);
    }
}
