using FaceSearch.Application.Abstractions;
using FaceSearch.Application.Erasure;
using FaceSearch.Domain.Enrolment;
using Mediator;
using Microsoft.Extensions.DependencyInjection;

namespace FaceSearch.Infrastructure.Jobs.Erasure;

/// <summary>Works off what an erasure has to do after its commit.</summary>
internal sealed class ErasureHandler(LeasedJobs jobs, IServiceScopeFactory scopes) : IJobHandler
{
    public IReadOnlyCollection<EnrolmentJobKind> Kinds { get; } =
        [EnrolmentJobKind.PersonErasure, EnrolmentJobKind.FaceRemoval, EnrolmentJobKind.CollectionRemoval];

    public JobLane Lane => JobLane.Short;

    public async Task RunAsync(JobRun run, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<IFaceSearchDbContext>();
        var job = await LeasedJobs.FindAsync(db, run, ct);
        var finished = await scope.ServiceProvider.GetRequiredService<ISender>().Send(new FinishErasureCommand(job, run.ReportProgress), ct);
        if (!finished.Value)
            throw new DutyPendingException();

        await jobs.EndAsync(run, row => row.Succeed(jobs.Now), ct);
    }
}
