using FaceSearch.Domain.Audit;
using FaceSearch.Infrastructure.Persistence.Sqlite;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace FaceSearch.Infrastructure.Tests.Persistence;

[Category("Fault-D1")]
internal sealed class SqliteWriteQueueTests
{
    private TaskCompletionSource entered;
    private TaskCompletionSource release;
    private string folder;
    private SqliteWriteQueue queue;

    [SetUp]
    public async Task CreateAsync()
    {
        entered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        folder = Directory.CreateTempSubdirectory("facesearch-test-").FullName;
        queue = new SqliteWriteQueue(TimeSpan.FromSeconds(15));
        await using var db = NewContext(queue);
        await db.Database.EnsureCreatedAsync();
    }

    [TearDown]
    public void Delete()
    {
        queue.Dispose();
        SqliteConnection.ClearAllPools();
        Directory.Delete(folder, recursive: true);
    }

    [Test]
    public async Task Writers_WaitInTheirOrder_AndBlockNoThread()
    {
        await using var first = NewContext(queue);
        await using var second = NewContext(queue);
        await using var third = NewContext(queue);
        await using var fourth = NewContext(queue);
        var holding = HoldAsync(first);
        await entered.Task;

        // Each call returns at once: a blocked one would wait for the release, which comes later on this thread.
        var saving = AddAsync(second, "saved");
        var working = third.InTransactionAsync(async () => await AddAsync(third, "in a transaction") == 1, CancellationToken.None);
        var updating = fourth.AuditEntries.ExecuteUpdateAsync(set => set.SetProperty(entry => entry.Status, 201));
        var ended = new Task[] { saving, working, updating }.Count(task => task.IsCompleted);
        release.SetResult();
        await Task.WhenAll(holding, saving, working);

        Assert.That(ended, Is.Zero);
        Assert.That(await updating, Is.EqualTo(3));
        await using var db = NewContext(queue);
        Assert.That(
            await db.AuditEntries.OrderBy(entry => entry.Id).Select(entry => entry.Action).ToListAsync(),
            Is.EqualTo(new[] { "held", "saved", "in a transaction" }));
    }

    [Test]
    public async Task FailedWriters_LetTheNextGoOn()
    {
        await using var db = NewContext(queue);
        Assert.That(
            () => db.InTransactionAsync(() => throw new InvalidOperationException(), CancellationToken.None),
            Throws.InvalidOperationException);
        Assert.That(() => db.AuditEntries.ExecuteUpdateAsync(
            set => set.SetProperty(entry => entry.Action, entry => null!)), Throws.Nothing, "no row");
        await AddAsync(db, "added");
        Assert.That(() => db.AuditEntries.ExecuteUpdateAsync(
            set => set.SetProperty(entry => entry.Action, entry => null!)), Throws.InstanceOf<SqliteException>());

        Assert.That(await AddAsync(db, "another"), Is.EqualTo(1));
    }

    [Test]
    public async Task WritersThatTakeTooLong_AreAnOutage()
    {
        using var impatient = new SqliteWriteQueue(TimeSpan.Zero);
        await using var first = NewContext(impatient);
        await using var second = NewContext(impatient);
        var holding = HoldAsync(first);
        await entered.Task;

        var refused = await Assert.CatchAsync(() => AddAsync(second, "refused"));
        release.SetResult();

        Assert.That(second.IsUnavailable(refused!), Is.True);
        Assert.That(await holding, Is.True);
    }

    private Task<bool> HoldAsync(SqliteFaceSearchDbContext db) => db.InTransactionAsync(
        async () =>
        {
            await AddAsync(db, "held");
            entered.SetResult();
            await release.Task;
            return true;
        },
        CancellationToken.None);

    private static Task<int> AddAsync(SqliteFaceSearchDbContext db, string action)
    {
        db.AuditEntries.Add(new AuditEntry { Action = action, At = DateTime.UtcNow, Status = 200 });
        return db.SaveChangesAsync(CancellationToken.None);
    }

    private SqliteFaceSearchDbContext NewContext(SqliteWriteQueue writers)
    {
        var options = new DbContextOptionsBuilder<SqliteFaceSearchDbContext>()
            .UseSqlite($"Data Source={Path.Combine(folder, "test.db")};Default Timeout=1")
            .AddInterceptors(new SqliteConnectionSettings(), new SqliteWriteTurns());
        return new SqliteFaceSearchDbContext(options.Options, writers);
    }
}
