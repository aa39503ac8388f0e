using FaceSearch.Domain.Enrolment;
using FaceSearch.Infrastructure.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace FaceSearch.Integration.Tests.Persistence;

/// <summary>A database of an earlier version with rows in it.</summary>
internal sealed class UpgradeTests(DatabaseProvider provider) : DatabaseTests(provider)
{
    /// <summary>SQLite rebuilds the table of the jobs, to which the items refer with cascading deletes.</summary>
    [Test]
    public async Task Migrate_DatabaseWithJobs_KeepsThemAndTheirItems()
    {
        Server.CreateClient().Dispose();
        await WithAsync(async db =>
        {
            var job = new EnrolmentJob { CollectionId = (await db.Collections.SingleAsync()).Id, CreatedAt = DateTime.UtcNow };
            job.Start(1, DateTime.UtcNow);
            job.Succeed(DateTime.UtcNow);
            db.EnrolmentJobs.Add(job);
            db.EnrolmentItems.Add(new EnrolmentItem { JobId = job.Id, Position = 1, Name = "a.jpg", Outcome = EnrolmentOutcome.Skipped });
            return await db.SaveChangesAsync(default);
        });

        await MigrateAsync(names => names[names.FindIndex(name => name.EndsWith("_JobQueueAndErasure", StringComparison.Ordinal)) - 1]);
        await MigrateAsync(names => names[^1]);

        Assert.That(await WithAsync(db => db.EnrolmentJobs.CountAsync()), Is.EqualTo(1));
        Assert.That(await WithAsync(db => db.EnrolmentItems.CountAsync()), Is.EqualTo(1));
    }

    private Task<bool> MigrateAsync(Func<List<string>, string> target) => WithAsync(async db =>
    {
        var database = ((DbContext)db).Database;
        await database.GetService<IMigrator>().MigrateAsync(target([.. database.GetMigrations()]));
        return true;
    });
}
