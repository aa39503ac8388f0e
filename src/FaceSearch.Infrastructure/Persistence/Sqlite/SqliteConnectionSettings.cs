using System.Data.Common;
using System.Runtime.CompilerServices;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace FaceSearch.Infrastructure.Persistence.Sqlite;

/// <summary>
/// Makes SQLite overwrite deleted data with zeros, as by default the bytes stay in the file until their place is reused;
/// and lets it wait for a writer of another process for a second, as the driver sleeps 150 ms before each further
/// attempt. These are settings per connection, which pooled connections keep, so they are set on new ones only. Thread-safe.
/// </summary>
internal sealed class SqliteConnectionSettings : DbConnectionInterceptor
{
    /// <summary>In milliseconds.</summary>
    public const int BusyTimeout = 1000;

    private static readonly ConditionalWeakTable<object, object> Told = [];

    public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData) => Configure(connection);

    public override Task ConnectionOpenedAsync(
        DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        Configure(connection);
        return Task.CompletedTask;
    }

    private static void Configure(DbConnection connection)
    {
        if (connection is not SqliteConnection { Handle: { } handle } || !Told.TryAdd(handle, handle))
            return;

        using var command = connection.CreateCommand();
        command.CommandText = $"PRAGMA secure_delete=ON; PRAGMA busy_timeout={BusyTimeout}";
        command.ExecuteNonQuery();
    }
}
