using FaceSearch.Domain.Enrolment;
using FaceSearch.Infrastructure.Jobs;
using FaceSearch.Infrastructure.Jobs.ArchiveEnrolment;
using FaceSearch.Infrastructure.Persistence;
using FaceSearch.TestSupport;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace FaceSearch.Integration.Tests.Jobs;

/// <summary>Leases with several queues, like those of several processes, on a database whose server runs no jobs.</summary>
internal sealed class EnrolmentQueueTests(DatabaseProvider provider) : JobFixture(provider)
{
    [Test]
    public async Task Take_ManyProcessesAtOnce_EachJobGoesToOne()
    {
        var jobs = await AddJobsAsync(5);

        var taken = await Task.WhenAll(jobs.Select(_ => NewQueue().TakeAsync(Archives, CancellationToken.None)));

        Assert.That(taken.Select(run => run.JobId), Is.EquivalentTo(jobs));
    }

    [Test]
    public async Task Take_SeveralJobs_OldestFirst()
    {
        var jobs = await AddJobsAsync(2);

        Assert.That((await NewQueue().TakeAsync(Archives, CancellationToken.None)).JobId, Is.EqualTo(jobs[0]));
        Assert.That((await NewQueue().TakeAsync(Archives, CancellationToken.None)).JobId, Is.EqualTo(jobs[1]));
    }

    [Test]
    public async Task Take_JobWhoseOwnerDied_IsTakenOverWhenItsLeaseEnds()
    {
        var job = (await AddJobsAsync(1))[0];
        var (dead, heir) = (NewQueue(), NewQueue());
        var first = await dead.TakeAsync(Archives, CancellationToken.None);
        await ExpireAsync(job);

        var second = await heir.TakeAsync(Archives, CancellationToken.None);

        Assert.That(second.JobId, Is.EqualTo(job));
        Assert.That(await dead.RenewAsync(first, CancellationToken.None), Is.EqualTo(JobStop.Lost));
        Assert.That(await heir.RenewAsync(second, CancellationToken.None), Is.Null);
    }

    [Test]
    public async Task Take_JobOfALivingOwner_IsNotTaken()
    {
        var jobs = await AddJobsAsync(2);
        await NewQueue(leaseSeconds: 3600).TakeAsync(Archives, CancellationToken.None);
        await ChangeJobAsync(jobs[0], set => set.SetProperty(job => job.NotBefore, (DateTime?)null));

        Assert.That((await NewQueue().TakeAsync(Archives, CancellationToken.None)).JobId, Is.EqualTo(jobs[1]));
    }

    [Test, Category("Fault-A4")]
    public async Task Take_CountsTheAttemptInTheRow()
    {
        var job = (await AddJobsAsync(1))[0];
        await NewQueue().TakeAsync(Archives, CancellationToken.None);
        await ExpireAsync(job);

        var run = await NewQueue().TakeAsync(Archives, CancellationToken.None);

        Assert.That((run.Attempts, (await ReadJobAsync(job)).Attempts), Is.EqualTo((2, 2)));
    }

    [Test]
    public async Task Take_DelayedJob_WaitsAndThenGoesByItsDueTime()
    {
        var jobs = await AddJobsAsync(3);
        var now = DateTime.UtcNow;
        await ChangeJobAsync(jobs[0], set => set
            .SetProperty(job => job.CreatedAt, now.AddHours(-5)).SetProperty(job => job.NotBefore, now.AddHours(1)));
        await ChangeJobAsync(jobs[1], set => set
            .SetProperty(job => job.CreatedAt, now.AddHours(-4)).SetProperty(job => job.NotBefore, now.AddHours(-1)));
        await ChangeJobAsync(jobs[2], set => set.SetProperty(job => job.CreatedAt, now.AddHours(-2)));
        var queue = NewQueue();

        var first = await queue.TakeAsync(Archives, CancellationToken.None);
        var second = await queue.TakeAsync(Archives, CancellationToken.None);
        await ChangeJobAsync(jobs[0], set => set.SetProperty(job => job.NotBefore, now.AddHours(-1)));
        var third = await queue.TakeAsync(Archives, CancellationToken.None);

        Assert.That(new[] { first.JobId, second.JobId, third.JobId }, Is.EqualTo(new[] { jobs[2], jobs[1], jobs[0] }));
    }

    [Test]
    public async Task Take_JobOfAnotherKind_IsLeftToItsLane()
    {
        var jobs = await AddJobsAsync(2);
        await ChangeJobAsync(jobs[0], set => set.SetProperty(job => job.Kind, EnrolmentJobKind.Reembedding));

        Assert.That((await NewQueue().TakeAsync(Archives, CancellationToken.None)).JobId, Is.EqualTo(jobs[1]));
        Assert.That(
            (await NewQueue().TakeAsync([EnrolmentJobKind.Reembedding], CancellationToken.None)).JobId, Is.EqualTo(jobs[0]));
    }

    [Test]
    public async Task Write_ByAnOwnerThatLostTheJob_StoresNothing()
    {
        var job = (await AddJobsAsync(1))[0];
        var former = await NewQueue().TakeAsync(Archives, CancellationToken.None);
        await ExpireAsync(job);
        await NewQueue().TakeAsync(Archives, CancellationToken.None);
        var target = new EnrolmentTarget(former, 1, Server.Encoders, new HashSet<int>());

        Assert.That(
            async () => await Server.Services.GetRequiredService<EnrolmentBatchWriter>().WriteAsync(
                target, [new EnrolmentCandidate(0, "a.png").Fail("no-face")], CancellationToken.None),
            Throws.InstanceOf<JobLostException>());
        Assert.That(await WithAsync(db => db.EnrolmentItems.CountAsync()), Is.Zero);
    }

    [Test]
    public async Task Write_BatchThatWasCommittedAlready_IsNotCountedTwice()
    {
        await AddJobsAsync(1);
        var run = await NewQueue().TakeAsync(Archives, CancellationToken.None);
        var bytes = StandInEncoders.Picture(1f);
        var candidate = new EnrolmentCandidate(0, "a.png")
        {
            Bytes = bytes,
            Sha256 = Application.Enrolment.NewImage.HashOf(bytes),
            Picture = Server.Encoders.Detect(bytes, CancellationToken.None).Value,
            Embedding = StandInEncoders.EmbeddingOf(1f),
        };
        var writer = Server.Services.GetRequiredService<EnrolmentBatchWriter>();
        var target = new EnrolmentTarget(run, 1, Server.Encoders, new HashSet<int>());

        await writer.WriteAsync(target, [candidate], CancellationToken.None);
        await writer.WriteAsync(target, [candidate], CancellationToken.None);

        var stored = await WithAsync(db => db.EnrolmentJobs.AsNoTracking().SingleAsync());
        Assert.That((stored.Inserted, stored.Duplicates, stored.Done), Is.EqualTo((1, 0, 1)));
        Assert.That((run.Attempts, stored.Attempts), Is.EqualTo((1, 0)), "a stored batch is progress");
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

        await waiting.WaitAsync(Patience);
    }

    /// <summary>As when the process that runs the job has ended some time ago.</summary>
    private Task ExpireAsync(Guid jobId) => ChangeJobAsync(jobId, set => set
        .SetProperty(job => job.LeasedUntil, DateTime.UtcNow.AddHours(-1))
        .SetProperty(job => job.NotBefore, (DateTime?)null));
}
