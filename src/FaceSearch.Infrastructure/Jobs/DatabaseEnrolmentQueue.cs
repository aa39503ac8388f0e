using FaceSearch.Application.Abstractions;
using FaceSearch.Application.Enrolment;
using FaceSearch.Domain.Enrolment;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace FaceSearch.Infrastructure.Jobs;

/// <summary>
/// The stored jobs are the queue. A process takes the oldest job without a lease by one conditional UPDATE, and keeps
/// it by renewing its lease. After the lease expires another process can take the job over. Leases use the database's
/// clock, so the clocks of the processes may differ.
/// </summary>
internal sealed class DatabaseEnrolmentQueue(IServiceScopeFactory scopes, IOptions<EnrolmentOptions> options)
    : IEnrolmentQueue
{
    private static readonly TimeSpan PollPeriod = TimeSpan.FromMilliseconds(500);

    private TaskCompletionSource announced = NewSignal();

    /// <summary>The unique id of this process.</summary>
    public string Owner { get; } = $"{Environment.ProcessId}-{Guid.NewGuid():N}";

    public void NotifyChanged() => Interlocked.Exchange(ref announced, NewSignal()).SetResult();

    /// <summary>Waits for a job and takes it. A job that this process owns already is taken first.</summary>
    public async Task<Guid> TakeAsync(CancellationToken ct)
    {
        while (true)
        {
            var next = announced.Task;
            if (await TryTakeAsync(ct) is { } jobId)
                return jobId;

            await PauseAsync(next, ct);
        }
    }

    /// <summary>False when another process has taken the job over.</summary>
    public async Task<bool> RenewAsync(Guid jobId, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<IFaceSearchDbContext>();
        double seconds = options.Value.LeaseSeconds;
        return await db.EnrolmentJobs
            .Where(job => job.Id == jobId && job.Owner == Owner)
            .ExecuteUpdateAsync(
                set => set.SetProperty(job => job.LeasedUntil, _ => DateTime.UtcNow.AddSeconds(seconds)), ct) == 1;
    }

    public async Task WaitAsync(Guid jobId, CancellationToken ct)
    {
        while (true)
        {
            var next = announced.Task;
            if (await HasEndedAsync(jobId, ct))
                return;

            await PauseAsync(next, ct);
        }
    }

    private async Task<Guid?> TryTakeAsync(CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<IFaceSearchDbContext>();
        double seconds = options.Value.LeaseSeconds;
        while (true)
        {
            var jobId = await Free(db).OrderBy(job => job.Id).Select(job => (Guid?)job.Id).FirstOrDefaultAsync(ct);
            if (jobId is null)
                return null;

            var taken = await Free(db).Where(job => job.Id == jobId).ExecuteUpdateAsync(
                set => set
                    .SetProperty(job => job.Owner, Owner)
                    .SetProperty(job => job.LeasedUntil, _ => DateTime.UtcNow.AddSeconds(seconds)),
                ct);
            if (taken == 1)
                return jobId;
        }
    }

    private IQueryable<EnrolmentJob> Free(IFaceSearchDbContext db) => db.EnrolmentJobs
        .Where(job => job.State == EnrolmentJobState.Queued || job.State == EnrolmentJobState.Running)
        .Where(job => job.Owner == null || job.Owner == Owner || job.LeasedUntil < DateTime.UtcNow);

    /// <summary>False also while the database is unreachable: the job continues afterwards.</summary>
    private async Task<bool> HasEndedAsync(Guid jobId, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<IFaceSearchDbContext>();
        try
        {
            return !await db.EnrolmentJobs.AnyAsync(
                job => job.Id == jobId
                    && (job.State == EnrolmentJobState.Queued || job.State == EnrolmentJobState.Running),
                ct);
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
