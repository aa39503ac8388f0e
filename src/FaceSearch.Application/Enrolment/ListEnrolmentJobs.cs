using FaceSearch.Application.Abstractions;
using FaceSearch.Application.Paging;
using FaceSearch.Application.Results;
using FluentValidation;
using Mediator;
using Microsoft.EntityFrameworkCore;

namespace FaceSearch.Application.Enrolment;

/// <summary>The history of bulk enrolments, newest first. The failures of each are left out: its items tell them.</summary>
public sealed record ListEnrolmentJobsQuery(string? Cursor, int Limit) : IQuery<Result<Page<EnrolmentJobResult>>>;

internal sealed class ListEnrolmentJobsValidator : AbstractValidator<ListEnrolmentJobsQuery>
{
    public ListEnrolmentJobsValidator()
    {
        RuleFor(query => query.Limit).IsLimit();
        RuleFor(query => query.Cursor).IsCursor(key => Guid.TryParse(key, out _));
    }
}

internal sealed class ListEnrolmentJobsHandler(IFaceSearchDbContext db, ICaller caller)
    : IQueryHandler<ListEnrolmentJobsQuery, Result<Page<EnrolmentJobResult>>>
{
    public async ValueTask<Result<Page<EnrolmentJobResult>>> Handle(
        ListEnrolmentJobsQuery query, CancellationToken cancellationToken)
    {
        var jobs = db.EnrolmentJobs.AsNoTracking();
        if (caller.Collections?.ToArray() is { } bound)
            jobs = jobs.Where(job => bound.Contains(job.CollectionId));
        if (query.Cursor is { } cursor)
        {
            var last = Guid.Parse(Page.KeyOf(cursor)!);
            jobs = jobs.Where(job => job.Id.CompareTo(last) < 0);
        }

        var rows = await jobs.OrderByDescending(job => job.Id)
            .Take(query.Limit + 1)
            .Join(db.Collections, job => job.CollectionId, c => c.Id, (job, c) => new { Job = job, c.Model })
            .OrderByDescending(row => row.Job.Id)
            .ToListAsync(cancellationToken);
        return Page.Of(
            [.. rows.Select(row => new EnrolmentJobResult(row.Job, row.Model, []))],
            query.Limit,
            result => result.Job.Id.ToString());
    }
}
