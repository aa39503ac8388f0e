using System.Collections.Concurrent;
using FaceSearch.Application.Enrolment;
using FaceSearch.Domain.Enrolment;
using FaceSearch.Infrastructure.Jobs;
using FaceSearch.Infrastructure.Persistence;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using MySqlConnector;

namespace FaceSearch.Integration.Tests.Jobs;

/// <summary>A worker whose handler is given by the test.</summary>
internal sealed class JobWorkerTests(DatabaseProvider provider) : JobFixture(provider)
{
    private readonly ConcurrentQueue<Guid> handled = new();
    private readonly List<JobWorker> workers = [];

    private DatabaseEnrolmentQueue Queue => Server.Services.GetRequiredService<DatabaseEnrolmentQueue>();

    private LeasedJobs Jobs => Server.Services.GetRequiredService<LeasedJobs>();

    [TearDown]
    public async Task StopAsync()
    {
        foreach (var worker in workers)
            await worker.StopAsync(CancellationToken.None);
        handled.Clear();
        workers.Clear();
    }

    [Test, Category("Fault-A4")]
    public async Task HandlerThatAlwaysFails_FailsTheJobAfterThreeAttempts()
    {
        var job = (await AddJobsAsync(1))[0];
        await StartAsync((_, _) => throw new InvalidOperationException("a name or a path"));

        var ended = await EndWithoutDelaysAsync(job);

        Assert.That((ended.State, ended.FailureCode), Is.EqualTo((EnrolmentJobState.Failed, "job-broken")));
        Assert.That((ended.Attempts, ended.LastError), Is.EqualTo((3, nameof(InvalidOperationException))));
        Assert.That(handled, Has.Count.EqualTo(3));
    }

    [Test, Category("Fault-A4")]
    public async Task JobThatEndedItsProcessThreeTimes_FailsWithoutAFourth()
    {
        var job = (await AddJobsAsync(1))[0];
        await ChangeJobAsync(job, set => set.SetProperty(row => row.Attempts, 3));
        await StartAsync(SucceedAsync);

        var ended = await EndWithoutDelaysAsync(job);

        Assert.That((ended.FailureCode, ended.LastError), Is.EqualTo(("job-broken", "process-ended")));
        Assert.That(handled, Is.Empty);
    }

    [Test]
    public async Task ProgressBetweenFailures_KeepsTheJob()
    {
        var job = (await AddJobsAsync(1))[0];
        await StartAsync(async (run, ct) =>
        {
            if (handled.Count == 5)
            {
                await SucceedAsync(run, ct);
                return;
            }

            await WithAsync(async db =>
            {
                (await LeasedJobs.FindAsync(db, run, ct)).Advance();
                return await db.SaveChangesAsync(ct);
            });
            throw new InvalidOperationException();
        });

        var ended = await EndWithoutDelaysAsync(job);

        Assert.That(ended.State, Is.EqualTo(EnrolmentJobState.Succeeded));
        Assert.That((ended.ProgressMark, ended.LastError), Is.EqualTo((4, (string?)null)));
    }

    [Test, Category("Fault-A4")]
    public async Task FailedJob_LetsTheOthersGoFirst()
    {
        var jobs = await AddJobsAsync(3);
        await StartAsync((run, ct) => run.JobId == jobs[0] ? throw new InvalidOperationException() : SucceedAsync(run, ct));

        await EndWithoutDelaysAsync(jobs[2], jobs[2]);

        Assert.That(handled.Take(3), Is.EqualTo(jobs));
        var failed = await ReadJobAsync(jobs[0]);
        Assert.That((failed.HasEnded, failed.Owner, failed.Attempts), Is.EqualTo((false, (string?)null, 1)));
        Assert.That(failed.NotBefore, Is.GreaterThan(failed.CreatedAt));
    }

    [Test]
    public async Task ServerStops_TheJobIsReturnedWithoutAnAttempt()
    {
        var job = (await AddJobsAsync(1))[0];
        var started = NewSignal();
        var worker = await StartAsync((_, ct) =>
        {
            started.SetResult();
            return Task.Delay(Timeout.Infinite, ct);
        });
        await started.Task.WaitAsync(Patience);

        await worker.StopAsync(CancellationToken.None);

        var returned = await ReadJobAsync(job);
        Assert.That((returned.Owner, returned.Attempts, returned.LastError), Is.EqualTo(((string?)null, 0, (string?)null)));
        Assert.That((await NewQueue().TakeAsync(Archives, CancellationToken.None)).JobId, Is.EqualTo(job), "due at once");
    }

    [Test, Category("Fault-C8")]
    public async Task DatabaseFails_TheJobWaitsWithoutAnAttempt_ButNotForEver()
    {
        var job = (await AddJobsAsync(1))[0];
        await StartAsync((_, ct) => FailToReachTheDatabaseAsync(ct));
        EnrolmentJob waiting = null!;
        await UntilAsync(async () => (waiting = await ReadJobAsync(job)) is { Waits: >= 1, Owner: null });

        await ChangeJobAsync(job, set => set.SetProperty(row => row.Waits, 29));
        var ended = await EndWithoutDelaysAsync(job);

        Assert.That((waiting.HasEnded, waiting.Attempts, waiting.LastError), Is.EqualTo((false, 0, "storage-unavailable")));
        Assert.That((ended.FailureCode, ended.LastError), Is.EqualTo(("job-broken", "storage-unavailable")));
    }

    private async Task FailToReachTheDatabaseAsync(CancellationToken ct)
    {
        if (Provider == DatabaseProvider.Sqlite)
            throw new SqliteException("busy", 5);

        await using var nowhere = new MySqlConnection("Server=127.0.0.1;Port=1;UserID=none");
        await nowhere.OpenAsync(ct);
    }

    /// <summary>The lease is not renewed meanwhile, so only the notification can reach it.</summary>
    [Test]
    public async Task Cancel_ReachesTheHandlersTokenAtOnce()
    {
        var job = (await AddJobsAsync(1))[0];
        var started = NewSignal();
        await StartAsync(
            (_, ct) =>
            {
                started.SetResult();
                return Task.Delay(Timeout.Infinite, ct);
            },
            new EnrolmentOptions { LeaseSeconds = 3600 });
        await started.Task.WaitAsync(Patience);

        await ChangeJobAsync(job, set => set.SetProperty(row => row.CancelRequested, true));
        Queue.NotifyChanged();

        await UntilAsync(async () => (await ReadJobAsync(job)).State == EnrolmentJobState.Cancelled);
    }

    [Test, Category("Fault-C9")]
    public async Task HungHandler_LosesTheJob_AndStoresNothingMore()
    {
        var job = (await AddJobsAsync(1))[0];
        var (hung, seen, first) = (NewSignal(), NewSignal(), new TaskCompletionSource<JobRun>());
        await StartAsync(
            async (run, ct) =>
            {
                var isFirst = first.TrySetResult(run);
                await (isFirst ? hung.Task : seen.Task.WaitAsync(ct));
                if (!isFirst)
                    await SucceedAsync(run, ct);
            },
            new EnrolmentOptions { LeaseSeconds = 1, ProgressTimeoutSeconds = 1 });

        await UntilAsync(async () => (await ReadJobAsync(job)).LastError == "job-stalled");
        seen.SetResult();
        var late = await first.Task;

        Assert.That(
            async () => await Jobs.EndAsync(late, row => row.Succeed(DateTime.UtcNow), CancellationToken.None),
            Throws.InstanceOf<JobLostException>());
        Assert.That((await EndWithoutDelaysAsync(job)).State, Is.EqualTo(EnrolmentJobState.Succeeded), "at its second attempt");
        hung.SetResult();
    }

    [Test, Category("Fault-C9")]
    public async Task Lease_WithoutProgress_StopsTheRun()
    {
        await AddJobsAsync(1);
        var time = new FakeTimeProvider();
        var queue = new DatabaseEnrolmentQueue(
            Server.Services.GetRequiredService<IServiceScopeFactory>(), Options.Create(new EnrolmentOptions()), time);
        var run = await queue.TakeAsync(Archives, CancellationToken.None);
        var stopped = NewSignal();
        await using var lease = new JobLease(
            queue, run, TimeSpan.FromSeconds(10), TimeSpan.FromMinutes(15), time, CancellationToken.None);
        await using var registration = lease.Token.Register(stopped.SetResult);

        time.Advance(TimeSpan.FromMinutes(14));
        run.ReportProgress();
        time.Advance(TimeSpan.FromMinutes(14));
        Assert.That(await queue.RenewAsync(run, CancellationToken.None), Is.Null);
        Assert.That(lease.Stop, Is.Null);
        time.Advance(TimeSpan.FromMinutes(2));
        queue.NotifyChanged();
        await stopped.Task.WaitAsync(Patience);

        Assert.That(lease.Stop, Is.EqualTo(JobStop.Stalled));
    }

    private async Task<JobWorker> StartAsync(Func<JobRun, CancellationToken, Task> handle, EnrolmentOptions? options = null)
    {
        IJobHandler[] handlers = [new Handler(run =>
        {
            handled.Enqueue(run.JobId);
            return handle;
        })];
        var worker = ActivatorUtilities.CreateInstance<JobWorker>(
            Server.Services, JobLane.Long, handlers, Options.Create(options ?? new EnrolmentOptions()));
        workers.Add(worker);
        await worker.StartAsync(CancellationToken.None);
        return worker;
    }

    private Task SucceedAsync(JobRun run, CancellationToken ct) => Jobs.EndAsync(run, job => job.Succeed(DateTime.UtcNow), ct);

    /// <summary>The job when it has ended. No job waits for its next attempt, except those whose delay is to be kept.</summary>
    private async Task<EnrolmentJob> EndWithoutDelaysAsync(Guid jobId, Guid? only = null)
    {
        EnrolmentJob job = null!;
        await UntilAsync(async () =>
        {
            await WithAsync(db => db.EnrolmentJobs.Where(row => row.Owner == null && (only == null || row.Id == only))
                .ExecuteUpdateAsync(set => set.SetProperty(row => row.NotBefore, (DateTime?)null)));
            Queue.NotifyChanged();
            job = await ReadJobAsync(jobId);
            return job.HasEnded;
        });
        return job;
    }

    private static async Task UntilAsync(Func<Task<bool>> holds) =>
        Assert.That(await EventuallyAsync(holds), Is.True, "The condition was not met in time.");

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private sealed class Handler(Func<JobRun, Func<JobRun, CancellationToken, Task>> handle) : IJobHandler
    {
        public IReadOnlyCollection<EnrolmentJobKind> Kinds => Archives;

        public JobLane Lane => JobLane.Long;

        public Task RunAsync(JobRun run, CancellationToken ct) => handle(run)(run, ct);
    }
}
