using System.Data.Common;
using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace FaceSearch.Infrastructure.Persistence.Sqlite;

/// <summary>
/// Lets ExecuteUpdate and ExecuteDelete outside of transactions wait in the <see cref="SqliteWriteQueue"/>, as
/// transactions and SaveChanges do. Thread-safe.
/// </summary>
internal sealed class SqliteWriteTurns : DbCommandInterceptor
{
    private readonly ConditionalWeakTable<DbCommand, IDisposable?> turns = [];

    public override async ValueTask<InterceptionResult<int>> NonQueryExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default)
    {
        if (command.Transaction is null
            && eventData.CommandSource is CommandSource.ExecuteUpdate or CommandSource.ExecuteDelete
            && eventData.Context is SqliteFaceSearchDbContext context)
            turns.Add(command, await context.WaitForTurnAsync(cancellationToken));

        return result;
    }

    public override ValueTask<int> NonQueryExecutedAsync(
        DbCommand command, CommandExecutedEventData eventData, int result, CancellationToken cancellationToken = default)
    {
        End(command);
        return ValueTask.FromResult(result);
    }

    public override Task CommandFailedAsync(
        DbCommand command, CommandErrorEventData eventData, CancellationToken cancellationToken = default)
    {
        End(command);
        return Task.CompletedTask;
    }

    public override Task CommandCanceledAsync(
        DbCommand command, CommandEndEventData eventData, CancellationToken cancellationToken = default)
    {
        End(command);
        return Task.CompletedTask;
    }

    private void End(DbCommand command)
    {
        if (!turns.TryGetValue(command, out var turn))
            return;

        turns.Remove(command);
        turn?.Dispose();
    }
}
