using System.Data.Common;
using System.Runtime.CompilerServices;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace FaceSearch.Infrastructure.Persistence.Sqlite;

/// <summary>
/// Makes SQLite overwrite deleted data with zeros; by default the bytes stay in the file until their place is reused.
/// It is a setting per connection, which pooled connections keep, so it is set on new ones only. Thread-safe.
/// </summary>
internal sealed class SecureDelete : DbConnectionInterceptor
{
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
        command.CommandText = "PRAGMA secure_delete=ON";
        command.ExecuteNonQuery();
    }
}
