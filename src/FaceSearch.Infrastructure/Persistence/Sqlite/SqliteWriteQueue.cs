using Microsoft.Data.Sqlite;

namespace FaceSearch.Infrastructure.Persistence.Sqlite;

/// <summary>
/// SQLite has one writer at a time. The writers of this process wait here in their order, without a thread. Against
/// other processes SQLite's own lock is used, see <see cref="SqliteConnectionSettings"/>. Thread-safe.
/// </summary>
/// <param name="timeout">After this wait a writer is refused.</param>
internal sealed class SqliteWriteQueue(TimeSpan timeout) : IDisposable
{
    private readonly SemaphoreSlim turn = new(1, 1);

    /// <returns>Dispose it to let the next writer go on.</returns>
    /// <exception cref="SqliteException">The database is busy: the writers before took longer than the timeout.</exception>
    public async Task<IDisposable> WaitAsync(CancellationToken ct) =>
        await turn.WaitAsync(timeout, ct)
            ? new Turn(turn)
            : throw new SqliteException("The database is busy: other writers took too long.", SqliteFaceSearchDbContext.Busy);

    public void Dispose() => turn.Dispose();

    private sealed class Turn(SemaphoreSlim turn) : IDisposable
    {
        private SemaphoreSlim? held = turn;

        public void Dispose() => Interlocked.Exchange(ref held, null)?.Release();
    }
}
