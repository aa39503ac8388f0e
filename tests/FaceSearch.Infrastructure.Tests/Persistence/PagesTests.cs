using FaceSearch.Application.Abstractions;
using FaceSearch.Domain.Audit;
using FaceSearch.Infrastructure.Persistence.Sqlite;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace FaceSearch.Infrastructure.Tests.Persistence;

[Category("Fault-D4")]
internal sealed class PagesTests
{
    private SqliteConnection connection;
    private SqliteWriteQueue queue;
    private SqliteFaceSearchDbContext db;

    [SetUp]
    public async Task CreateAsync()
    {
        connection = new SqliteConnection("Data Source=:memory:");
        await connection.OpenAsync();
        queue = new SqliteWriteQueue(Timeout.InfiniteTimeSpan);
        db = new SqliteFaceSearchDbContext(
            new DbContextOptionsBuilder<SqliteFaceSearchDbContext>().UseSqlite(connection).Options, queue);
        await db.Database.EnsureCreatedAsync();
    }

    [TearDown]
    public void Close()
    {
        db.Dispose();
        queue.Dispose();
        connection.Dispose();
    }

    [TestCase(0, new int[0])]
    [TestCase(9, new[] { 9 })]
    [TestCase(10, new[] { 10 })]
    [TestCase(25, new[] { 10, 10, 5 })]
    public async Task Read_HasEachRowOnce_InPages(int rows, int[] sizes)
    {
        db.AuditEntries.AddRange(Enumerable.Range(0, rows).Select(
            i => new AuditEntry { Action = $"{i}", At = DateTime.UtcNow, Status = 200 }));
        await db.SaveChangesAsync(CancellationToken.None);

        var pages = await Pages.ReadAsync(
            last => db.AuditEntries.Where(entry => entry.Id > last).OrderBy(entry => entry.Id),
            0L, entry => entry.Id, 10, CancellationToken.None).ToListAsync();

        Assert.That(pages.Select(page => page.Count), Is.EqualTo(sizes));
        Assert.That(
            pages.SelectMany(page => page).Select(entry => entry.Action), Is.EqualTo(Enumerable.Range(0, rows).Select(i => $"{i}")));
    }
}
