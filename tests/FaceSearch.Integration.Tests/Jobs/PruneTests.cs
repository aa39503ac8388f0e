using FaceSearch.Domain.Enrolment;
using FaceSearch.Domain.Faces;
using FaceSearch.Infrastructure.Housekeeping;
using FaceSearch.Infrastructure.Jobs;
using FaceSearch.Infrastructure.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace FaceSearch.Integration.Tests.Jobs;

/// <summary>What ended jobs and removed faces leave in the database.</summary>
[Category("Fault-C15")]
[Category("Fault-C15")]
internal sealed class PruneTests(DatabaseProvider provider) : JobFixture(provider)
{
    private static readonly DateTime Now = DateTime.UtcNow;

    [Test]
    public async Task EndedDuties_AreDeletedAfterThirtyDays_WithoutThoseWithReceipts()
    {
        using var client = Server.CreateClient();
        EnrolmentJobKind[] kinds =
            [EnrolmentJobKind.FaceRemoval, EnrolmentJobKind.Calibration, EnrolmentJobKind.PersonErasure, EnrolmentJobKind.Archive];
        await AddAsync([.. kinds.Select(kind => NewEnded(kind, 29)), .. kinds.Select(kind => NewEnded(kind, 31))]);

        await PruneAsync();

        var left = await WithAsync(db => db.EnrolmentJobs.AsNoTracking().ToListAsync());
        Assert.That(left.Count(job => job.EndedAt > Now.AddDays(-30)), Is.EqualTo(kinds.Length));
        Assert.That(
            left.Where(job => job.EndedAt < Now.AddDays(-30)).Select(job => job.Kind),
            Is.EquivalentTo(new[] { EnrolmentJobKind.PersonErasure, EnrolmentJobKind.Archive }));
    }

    [Test]
    public async Task Items_OfEndedJobs_AreDeletedAfterNinetyDays()
    {
        using var client = Server.CreateClient();
        var (fresh, old) = (NewEnded(EnrolmentJobKind.Archive, 89), NewEnded(EnrolmentJobKind.Archive, 91));
        var unfinished = new EnrolmentJob { CollectionId = 1, CreatedAt = Now.AddDays(-100) };
        await AddAsync(fresh, old, unfinished);
        await WithAsync(async db =>
        {
            db.EnrolmentItems.AddRange(new[] { fresh, old, unfinished }.SelectMany(job => new[] { 0, 5000 }, (job, position) =>
                new EnrolmentItem { JobId = job.Id, Position = position, Name = "a.png", Outcome = EnrolmentOutcome.Inserted }));
            return await db.SaveChangesAsync(CancellationToken.None);
        });

        await PruneAsync();

        var left = await WithAsync(db => db.EnrolmentItems.Select(item => item.JobId).ToListAsync());
        Assert.That(left, Is.EquivalentTo(new[] { fresh.Id, fresh.Id, unfinished.Id, unfinished.Id }));
    }

    [TestCase(false, 1)]
    [TestCase(true, 2)]
    public async Task Tombstones_AreDeletedAfterThirtyDays_UnlessAnErasureNeedsThem(bool isNeeded, int left)
    {
        using var client = Server.CreateClient();
        await Server.Services.GetServices<IHostedService>().OfType<JobWorker>()
            .Single(worker => worker.Lane == JobLane.Short).StopAsync(CancellationToken.None);
        if (isNeeded)
            await AddAsync(new EnrolmentJob { CollectionId = 1, Kind = EnrolmentJobKind.FaceRemoval, CreatedAt = Now.AddDays(-31) });
        await WithAsync(async db =>
        {
            db.FaceRemovals.AddRange(
                new FaceRemoval { CollectionId = 1, FaceId = 1, RemovedAt = Now.AddDays(-31) },
                new FaceRemoval { CollectionId = 1, FaceId = 2, RemovedAt = Now.AddDays(-29) });
            return await db.SaveChangesAsync(CancellationToken.None);
        });

        await PruneAsync();

        Assert.That(await WithAsync(db => db.FaceRemovals.CountAsync()), Is.EqualTo(left));
    }

    private Task PruneAsync() => Server.Services.GetServices<IHostedService>().OfType<Housekeeper>().Single()
        .RunOnceAsync(CancellationToken.None);

    private static EnrolmentJob NewEnded(EnrolmentJobKind kind, int daysAgo)
    {
        var job = new EnrolmentJob { CollectionId = 1, Kind = kind, CreatedAt = Now.AddDays(-daysAgo) };
        job.Start(1, Now.AddDays(-daysAgo));
        job.Succeed(Now.AddDays(-daysAgo));
        return job;
    }

    private Task<int> AddAsync(params EnrolmentJob[] jobs) => WithAsync(async db =>
    {
        db.EnrolmentJobs.AddRange(jobs);
        return await db.SaveChangesAsync(CancellationToken.None);
    });
}
