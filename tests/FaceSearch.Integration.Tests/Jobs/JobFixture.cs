using System.Linq.Expressions;
using FaceSearch.Application.Enrolment;
using FaceSearch.Domain.Enrolment;
using FaceSearch.Infrastructure.Jobs;
using FaceSearch.Infrastructure.Persistence;
using FaceSearch.Integration.Tests.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Query;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace FaceSearch.Integration.Tests.Jobs;

/// <summary>Stored jobs on a database whose server runs none of them.</summary>
internal abstract class JobFixture(DatabaseProvider provider) : DatabaseTests(provider)
{
    protected static readonly EnrolmentJobKind[] Archives = [EnrolmentJobKind.Archive];

    [SetUp]
    public void RunNoJobs() => Server.Settings["Enrolment:RunJobs"] = "false";

    /// <summary>Like the queue of another process.</summary>
    protected DatabaseEnrolmentQueue NewQueue(int leaseSeconds = 60) => new(
        Server.Services.GetRequiredService<IServiceScopeFactory>(),
        Options.Create(new EnrolmentOptions { LeaseSeconds = leaseSeconds }),
        TimeProvider.System);

    /// <summary>In the order of their ids.</summary>
    protected async Task<Guid[]> AddJobsAsync(int count)
    {
        var now = DateTime.UtcNow;
        var jobs = Enumerable.Range(0, count)
            .Select(_ => new EnrolmentJob { CollectionId = 1, CreatedAt = now }).OrderBy(job => job.Id).ToArray();
        await WithAsync(async db =>
        {
            db.EnrolmentJobs.AddRange(jobs);
            return await db.SaveChangesAsync(CancellationToken.None);
        });
        return [.. jobs.Select(job => job.Id)];
    }

    protected Task<EnrolmentJob> ReadJobAsync(Guid jobId) =>
        WithAsync(db => db.EnrolmentJobs.AsNoTracking().SingleAsync(job => job.Id == jobId));

    protected Task ChangeJobAsync(Guid jobId, Expression<Func<SetPropertyCalls<EnrolmentJob>, SetPropertyCalls<EnrolmentJob>>> set) =>
        WithAsync(db => db.EnrolmentJobs.Where(job => job.Id == jobId).ExecuteUpdateAsync(set));
}
