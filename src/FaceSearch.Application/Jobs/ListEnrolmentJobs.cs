using FaceSearch.Application.Abstractions;
using FaceSearch.Application.Access;
using FaceSearch.Application.Paging;
using FaceSearch.Application.Results;
using FluentValidation;
using Mediator;
using Microsoft.EntityFrameworkCore;

namespace FaceSearch.Application.Jobs;

/// <summary>
/// The history of jobs, newest first, of the collections that the caller may use. Failures are not included; they are
/// in the job's items.
/// </summary>
/// <param name="Collection">Only jobs of this collection; all when null.</param>
public sealed record ListEnrolmentJobsQuery(string? Collection, string? Cursor, int Limit)
    : IQuery<Result<Page<EnrolmentJobResult>>>;

internal sealed class ListEnrolmentJobsValidator : AbstractValidator<ListEnrolmentJobsQuery>
{
    public ListEnrolmentJobsValidator()
    {
        RuleFor(query => query.Limit).IsLimit();
        RuleFor(query => query.Cursor).IsCursor(key => Guid.TryParse(key, out _));
    }
}

internal sealed class ListEnrolmentJobsHandler(
    IFaceSearchDbContext db, CollectionResolver collections, ICaller caller)
    : IQueryHandler<ListEnrolmentJobsQuery, Result<Page<EnrolmentJobResult>>>
{
    public async ValueTask<Result<Page<EnrolmentJobResult>>> Handle(
        ListEnrolmentJobsQuery query, CancellationToken cancellationToken)
    {
        var jobs = db.EnrolmentJobs.AsNoTracking();
        if (query.Collection is { } name)
        {
            var collection = await collections.FindIdAsync(name, cancellationToken);
            if (collection.Error is { } noCollection)
                return noCollection;

            jobs = jobs.Where(job => job.CollectionId == collection.Value);
        }
        else if (caller.Collections is { } open)
        {
            jobs = jobs.Where(job => open.Contains(job.CollectionId));
        }

        if (query.Cursor is { } cursor)
        {
            var last = Guid.Parse(Page.KeyOf(cursor)!);
            jobs = jobs.Where(job => job.Id.CompareTo(last) < 0);
        }

        var rows = await jobs.OrderByDescending(job => job.Id)
            .Take(query.Limit + 1)
            .Join(db.Collections, job => job.CollectionId, c => c.Id, (job, c) => new { Job = job, c.Name, c.Model })
            .OrderByDescending(row => row.Job.Id)
            .ToListAsync(cancellationToken);
        return Page.Of(
            [.. rows.Select(row => new EnrolmentJobResult(row.Job, row.Name, row.Job.Model ?? row.Model, []))],
            query.Limit,
            result => result.Job.Id.ToString());
    }
}
