using FaceSearch.Application.Abstractions;
using FaceSearch.Application.Results;
using Mediator;

namespace FaceSearch.Application.Jobs;

public sealed record GetEnrolmentJobQuery(string JobId) : IQuery<Result<EnrolmentJobResult>>;

internal sealed class GetEnrolmentJobHandler(IFaceSearchDbContext db, ICaller caller)
    : IQueryHandler<GetEnrolmentJobQuery, Result<EnrolmentJobResult>>
{
    public async ValueTask<Result<EnrolmentJobResult>> Handle(
        GetEnrolmentJobQuery query, CancellationToken cancellationToken)
    {
        var job = Guid.TryParse(query.JobId, out var id)
            ? await EnrolmentJobResult.FindAsync(db, id, cancellationToken)
            : null;
        return job is null || !caller.MayUse(job.Job) ? JobErrors.JobNotFound(query.JobId) : job;
    }
}
