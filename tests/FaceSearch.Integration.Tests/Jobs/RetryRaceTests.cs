using System.Data.Common;
using System.Net;
using FaceSearch.Api.Tests.Support;
using FaceSearch.Domain.Access;
using FaceSearch.Domain.Enrolment;
using FaceSearch.Infrastructure.Persistence;
using FaceSearch.Infrastructure.Persistence.MySql;
using FaceSearch.TestSupport;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;

namespace FaceSearch.Integration.Tests.Jobs;

/// <summary>Another client queues a re-embedding of the collection while one is retried.</summary>
internal sealed class RetryRaceTests(DatabaseProvider provider) : JobFixture(provider)
{
    private readonly BeforeLock beforeLock = new();

    [SetUp]
    public void Intercept() => Server.Replacing = services =>
        services.ConfigureDbContext<MySqlFaceSearchDbContext>(builder => builder.AddInterceptors(beforeLock));

    [Test, Category("Fault-C15")]
    public async Task Retry_OfAReembedding_SeesTheOther()
    {
        using var client = Server.CreateClient(await Server.IssueKeyAsync(AccessScopes.All));
        var failed = NewReembedding();
        failed.Start(1, DateTime.UtcNow);
        failed.Fail("reembedding-incomplete", "why", DateTime.UtcNow);
        await AddAsync(failed);

        // SQLite's transaction begins with the lock, so the other client comes before it.
        if (Provider == DatabaseProvider.Sqlite)
            await AddAsync(NewReembedding());
        else
            beforeLock.Do(() => AddAsync(NewReembedding()));
        using var retried = await client.PostAsync($"/v1/jobs/{failed.Id}/retry", null);

        Assert.That(retried.StatusCode, Is.EqualTo(HttpStatusCode.Conflict));
        Assert.That(await retried.ReadProblemAsync(), Is.EqualTo("jobs-running"));
    }

    private static EnrolmentJob NewReembedding() => new()
    {
        CollectionId = 1,
        Kind = EnrolmentJobKind.Reembedding,
        Model = StandInEncoders.SecondModelName,
        CreatedAt = DateTime.UtcNow,
    };

    private Task<int> AddAsync(EnrolmentJob job) => WithAsync(async db =>
    {
        db.EnrolmentJobs.Add(job);
        return await db.SaveChangesAsync(CancellationToken.None);
    });

    /// <summary>Does something just before the next exclusive lock is taken.</summary>
    private sealed class BeforeLock : DbCommandInterceptor
    {
        private Func<Task>? next;

        public void Do(Func<Task> work) => next = work;

        public override async ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
            DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result, CancellationToken cancellationToken = default)
        {
            if (command.CommandText.Contains("FOR UPDATE", StringComparison.Ordinal) && Interlocked.Exchange(ref next, null) is { } work)
                await work();

            return result;
        }
    }
}
