using FaceSearch.Application.Abstractions;
using FaceSearch.Application.Enrolment;
using FaceSearch.Domain.Enrolment;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace FaceSearch.Infrastructure.Jobs;

/// <summary>
/// The stored jobs are the queue. A process takes the first job that is due and has no lease by one conditional UPDATE,
/// which also counts the attempt, and keeps it by renewing its lease. After the lease expires another process can take
/// the job over. Leases and delays use the database's clock, so the clocks of the processes may differ.
/// </summary>
internal sealed class DatabaseEnrolmentQueue(
    IServiceScopeFactory scopes, IOptions<EnrolmentOptions> options, TimeProvider time) : IEnrolmentQueue
{
    private static readonly TimeSpan PollPeriod = TimeSpan.FromMilliseconds(500);

    private readonly string process = $"{Environment.ProcessId}-{Guid.NewGuid():N}";
    private TaskCompletionSource announced = NewSignal();
    private int runs;

    /// <summary>Completes at the next <see cref="NotifyChanged"/>.</summary>
    public Task Changed => announced.Task;

    public void NotifyChanged() => Interlocked.Exchange(ref announced, NewSignal()).SetResult();

    /// <summary>Waits for a job of one of the kinds and takes it: by its due time, then by its age.</summary>
    public async Task<JobRun> TakeAsync(IReadOnlyCollection<EnrolmentJobKind> kinds, CancellationToken ct)
    {
        while (true)
        {
            var next = Changed;
            if (await TryTakeAsync(kinds, ct) is { } run)
                return run;

            await PauseAsync(next, ct);
        }
    }

    /// <summary>Extends the lease.</summary>
    /// <returns>Why the run must end; null to continue.</returns>
    public async Task<JobStop?> RenewAsync(JobRun run, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<IFaceSearchDbContext>();
        double seconds = options.Value.LeaseSeconds;
        var renewed = await OwnedBy(db, run).ExecuteUpdateAsync(
            set => set.SetProperty(job => job.LeasedUntil, _ => DateTime.UtcNow.AddSeconds(seconds)), ct);
        if (renewed == 0)
            return JobStop.Lost;

        return await OwnedBy(db, run).AnyAsync(job => job.CancelRequested, ct) ? JobStop.Cancelled : null;
    }

    /// <summary>Returns a job, so that a process can take it after a delay.</summary>
    /// <returns>False when another process has taken the job over.</returns>
    public async Task<bool> ReleaseAsync(JobRun run, JobRelease release, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var seconds = release.Delay.TotalSeconds;
        return await OwnedBy(scope.ServiceProvider.GetRequiredService<IFaceSearchDbContext>(), run).ExecuteUpdateAsync(
            set => set
                .SetProperty(job => job.Owner, (string?)null)
                .SetProperty(job => job.LeasedUntil, (DateTime?)null)
                .SetProperty(job => job.NotBefore, _ => seconds > 0 ? DateTime.UtcNow.AddSeconds(seconds) : null)
                .SetProperty(job => job.LastError, release.Error)
                .SetProperty(job => job.Attempts, release.Attempts)
                .SetProperty(job => job.Waits, release.Waits),
            ct) == 1;
    }

    public async Task WaitAsync(Guid jobId, CancellationToken ct)
    {
        while (true)
        {
            var next = Changed;
            if (await HasEndedAsync(jobId, ct))
                return;

            await PauseAsync(next, ct);
        }
    }

    private async Task<JobRun?> TryTakeAsync(IReadOnlyCollection<EnrolmentJobKind> kinds, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<IFaceSearchDbContext>();
        double lease = options.Value.LeaseSeconds;
        while (true)
        {
            var next = await Due(db).Where(job => kinds.Contains(job.Kind))
                .OrderBy(job => job.NotBefore ?? job.CreatedAt).ThenBy(job => job.Id)
                .Select(job => new { job.Id, job.Kind, job.Attempts })
                .FirstOrDefaultAsync(ct);
            if (next is null)
                return null;

            // The delay also holds when the process ends before it can store how the attempt failed.
            var run = new JobRun(next.Id, next.Kind, $"{process}-{Interlocked.Increment(ref runs)}", next.Attempts + 1, time);
            var delay = JobRetries.DelayAfter(run.Attempts).TotalSeconds;
            var taken = await Due(db).Where(job => job.Id == run.JobId && job.Attempts == next.Attempts).ExecuteUpdateAsync(
                set => set
                    .SetProperty(job => job.Owner, run.Owner)
                    .SetProperty(job => job.LeasedUntil, _ => DateTime.UtcNow.AddSeconds(lease))
                    .SetProperty(job => job.NotBefore, _ => DateTime.UtcNow.AddSeconds(delay))
                    .SetProperty(job => job.Attempts, run.Attempts),
                ct);
            if (taken == 1)
                return run;
        }
    }

    private static IQueryable<EnrolmentJob> Due(IFaceSearchDbContext db) => db.EnrolmentJobs.Unfinished()
        .Where(job => job.Owner == null || job.LeasedUntil < DateTime.UtcNow)
        .Where(job => job.NotBefore == null || job.NotBefore <= DateTime.UtcNow);

    private static IQueryable<EnrolmentJob> OwnedBy(IFaceSearchDbContext db, JobRun run) =>
        db.EnrolmentJobs.Where(job => job.Id == run.JobId && job.Owner == run.Owner);

    /// <summary>False also while the database is unreachable: the job continues afterwards.</summary>
    private async Task<bool> HasEndedAsync(Guid jobId, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<IFaceSearchDbContext>();
        try
        {
            return !await db.EnrolmentJobs.Unfinished().AnyAsync(job => job.Id == jobId, ct);
        }
        catch (Exception exception) when (db.IsUnavailable(exception))
        {
            return false;
        }
    }

    private static Task<Task> PauseAsync(Task announced, CancellationToken ct) =>
        Task.WhenAny(announced, Task.Delay(PollPeriod, ct));

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
