using FaceSearch.Application.Enrolment;
using FaceSearch.Domain.Enrolment;
using FaceSearch.Infrastructure.Jobs;
using FaceSearch.Infrastructure.Jobs.ArchiveEnrolment;
using FaceSearch.Infrastructure.Persistence;
using FaceSearch.Integration.Tests.Persistence;
using FaceSearch.TestSupport;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace FaceSearch.Integration.Tests.Jobs;

/// <summary>Leases with several queues, like those of several processes, on a database whose server runs no jobs.</summary>
internal sealed class EnrolmentQueueTests(DatabaseProvider provider) : DatabaseTests(provider)
{
    [SetUp]
    public void RunNoJobs() => Server.Settings["Enrolment:RunJobs"] = "false";

    [Test]
    public async Task Take_ManyProcessesAtOnce_EachJobGoesToOne()
    {
        var jobs = await AddJobsAsync(5);

        var taken = await Task.WhenAll(jobs.Select(_ => NewQueue().TakeAsync(CancellationToken.None)));

        Assert.That(taken, Is.EquivalentTo(jobs));
    }

    [Test]
    public async Task Take_SeveralJobs_OldestFirst()
    {
        var jobs = await AddJobsAsync(2);

        Assert.That(await NewQueue().TakeAsync(CancellationToken.None), Is.EqualTo(jobs[0]));
        Assert.That(await NewQueue().TakeAsync(CancellationToken.None), Is.EqualTo(jobs[1]));
    }

    [Test]
    public async Task Take_JobWhoseOwnerDied_IsTakenOverWhenItsLeaseEnds()
    {
        var job = (await AddJobsAsync(1))[0];
        var (dead, heir) = (NewQueue(leaseSeconds: 1), NewQueue());
        await dead.TakeAsync(CancellationToken.None);

        var taken = await heir.TakeAsync(CancellationToken.None);

        Assert.That(taken, Is.EqualTo(job));
        Assert.That(await dead.RenewAsync(job, CancellationToken.None), Is.False);
        Assert.That(await heir.RenewAsync(job, CancellationToken.None), Is.True);
    }

    [Test]
    public async Task Take_JobOfALivingOwner_IsNotTaken()
    {
        var job = (await AddJobsAsync(1))[0];
        var owner = NewQueue(leaseSeconds: 3600);
        await owner.TakeAsync(CancellationToken.None);
        using var soon = new CancellationTokenSource(TimeSpan.FromSeconds(1));

        Assert.That(async () => await NewQueue().TakeAsync(soon.Token), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(await owner.TakeAsync(CancellationToken.None), Is.EqualTo(job), "an owner that stopped gets its own job again");
    }

    [Test]
    public async Task Write_ByAnOwnerThatLostTheJob_StoresNothing()
    {
        var job = (await AddJobsAsync(1))[0];
        var former = NewQueue(leaseSeconds: 1);
        await former.TakeAsync(CancellationToken.None);
        await NewQueue().TakeAsync(CancellationToken.None);
        var target = new EnrolmentTarget(job, former.Owner, 1, Server.Encoders, new HashSet<int>());

        Assert.That(
            async () => await Server.Services.GetRequiredService<EnrolmentBatchWriter>().WriteAsync(
                target, [new EnrolmentCandidate(0, "a.png").Fail("no-face")], CancellationToken.None),
            Throws.InstanceOf<JobLostException>());
        Assert.That(await WithAsync(db => db.EnrolmentItems.CountAsync()), Is.Zero);
    }

    [Test]
    public async Task Write_BatchThatWasCommittedAlready_IsNotCountedTwice()
    {
        var job = (await AddJobsAsync(1))[0];
        var queue = NewQueue();
        await queue.TakeAsync(CancellationToken.None);
        var bytes = StandInEncoders.Picture(1f);
        var candidate = new EnrolmentCandidate(0, "a.png")
        {
            Bytes = bytes,
            Sha256 = Application.Enrolment.NewImage.HashOf(bytes),
            Picture = Server.Encoders.Detect(bytes, CancellationToken.None).Value,
            Embedding = StandInEncoders.EmbeddingOf(1f),
        };
        var writer = Server.Services.GetRequiredService<EnrolmentBatchWriter>();
        var target = new EnrolmentTarget(job, queue.Owner, 1, Server.Encoders, new HashSet<int>());

        await writer.WriteAsync(target, [candidate], CancellationToken.None);
        await writer.WriteAsync(target, [candidate], CancellationToken.None);

        var stored = await WithAsync(db => db.EnrolmentJobs.AsNoTracking().SingleAsync());
        Assert.That((stored.Inserted, stored.Duplicates, stored.Done), Is.EqualTo((1, 0, 1)));
    }

    /// <summary>A caller may wait at one process for a job that another one runs.</summary>
    [Test]
    public async Task Wait_JobRunByAnotherProcess_ReturnsWhenItHasEnded()
    {
        var job = (await AddJobsAsync(1))[0];
        var waiting = NewQueue().WaitAsync(job, CancellationToken.None);
        Assert.That(waiting.IsCompleted, Is.False);

        await WithAsync(async db =>
        {
            (await db.EnrolmentJobs.SingleAsync()).Fail("code", "why", DateTime.UtcNow);
            return await db.SaveChangesAsync(CancellationToken.None);
        });

        await waiting.WaitAsync(TimeSpan.FromSeconds(20));
    }

    private DatabaseEnrolmentQueue NewQueue(int leaseSeconds = 60) => new(
        Server.Services.GetRequiredService<IServiceScopeFactory>(),
        Options.Create(new EnrolmentOptions { LeaseSeconds = leaseSeconds }));

    private async Task<Guid[]> AddJobsAsync(int count)
    {
        var jobs = Enumerable.Range(0, count)
            .Select(_ => new EnrolmentJob { CollectionId = 1, CreatedAt = DateTime.UtcNow }).OrderBy(job => job.Id).ToArray();
        await WithAsync(async db =>
        {
            db.EnrolmentJobs.AddRange(jobs);
            return await db.SaveChangesAsync(CancellationToken.None);
        });
        return [.. jobs.Select(job => job.Id)];
    }
}
