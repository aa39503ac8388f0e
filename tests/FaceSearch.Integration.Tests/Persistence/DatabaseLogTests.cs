using System.Collections.Concurrent;
using FaceSearch.Domain.Access;
using FaceSearch.Domain.Collections;
using FaceSearch.Infrastructure.Persistence;
using FaceSearch.Infrastructure.Persistence.Mapping;
using FaceSearch.TestSupport;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace FaceSearch.Integration.Tests.Persistence;

/// <summary>An expected failure of the database is no error in the log; an unexpected one is there once.</summary>
[Category("Fault-F8")]
internal sealed class DatabaseLogTests(DatabaseProvider provider) : DatabaseTests(provider)
{
    private readonly ConcurrentQueue<Entry> entries = new();

    [SetUp]
    public void Listen() => Server.Replacing = services => services.Replace(
        ServiceDescriptor.Singleton<ILoggerFactory>(_ => new LoggerFactory([new Listener(entries)])));

    [TearDown]
    public void Forget() => entries.Clear();

    [Test]
    public void FreshStart_LogsNoError()
    {
        using var client = Server.CreateClient();

        AssertNoErrors();
        Assert.That(entries.Select(entry => entry.Category), Has.Some.StartsWith("Microsoft.EntityFrameworkCore"), "it listens");
    }

    [Test]
    public async Task ConflictWithAnotherClient_LogsNoError()
    {
        using var client = Server.CreateClient();
        Assert.That(await TryAddCollectionAsync(), Is.True);

        Assert.That(await TryAddCollectionAsync(), Is.False);

        AssertNoErrors();
    }

    [Test]
    public async Task UnexpectedFailure_IsLoggedOnce()
    {
        using var client = Server.CreateClient(await Server.IssueKeyAsync(AccessScopes.All));
        await using (var scope = Server.Services.CreateAsyncScope())
        {
            var db = scope.ServiceProvider.GetRequiredService<FaceSearchDbContext>();
            await db.Database.ExecuteSqlRawAsync("DROP TABLE calibrations");
        }

        using var answer = await client.PostAsync("/v1/collections/default/calibration", null);

        var failures = entries.Where(entry => entry.Exception is not null && entry.Level > LogLevel.Debug).ToArray();
        Assert.That(failures.Select(entry => entry.Level), Is.EqualTo(new[] { LogLevel.Error }), string.Join('\n', failures.Select(entry => entry.Category)));
    }

    private Task<bool> TryAddCollectionAsync() => WithAsync(db =>
    {
        db.Collections.Add(new Collection { Name = "twice", Model = StandInEncoders.ModelName, CreatedAt = DateTime.UtcNow });
        return db.TrySaveChangesAsync(CancellationToken.None);
    });

    private void AssertNoErrors() => Assert.That(
        entries.Where(entry => entry.Level >= LogLevel.Error).Select(entry => $"{entry.Category}: {entry.Exception?.Message}"), Is.Empty);

    private sealed record Entry(string Category, LogLevel Level, Exception? Exception);

    private sealed class Listener(ConcurrentQueue<Entry> entries) : ILoggerProvider
    {
        public ILogger CreateLogger(string categoryName) => new Log(categoryName, entries);

        public void Dispose()
        {
        }
    }

    private sealed class Log(string category, ConcurrentQueue<Entry> entries) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        void ILogger.Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            entries.Enqueue(new Entry(category, logLevel, exception));
    }
}
