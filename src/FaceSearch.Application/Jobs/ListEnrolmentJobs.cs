using FaceSearch.Application.Abstractions;
using FaceSearch.Application.Access;
using FaceSearch.Application.Paging;
using FaceSearch.Application.Results;
using FluentValidation;
using Mediator;
using Microsoft.EntityFrameworkCore;

namespace FaceSearch.Application.Jobs;

/// <summary>
/// The history of jobs, newest first, of the collections that the caller may use; without the read scope only the jobs
/// that the caller has started. Failures and the conflicts of imports are not included.
/// </summary>
/// <param name="Collection">Only jobs of this collection; all when null.</param>
public sealed record ListEnrolmentJobsQuery(string? Collection, string? Cursor, int Limit)
    : IQuery<Result<Page<EnrolmentJobResult>>>
{
    internal ListCursors Cursors => new("jobs", Collection);
}

internal sealed class ListEnrolmentJobsValidator : AbstractValidator<ListEnrolmentJobsQuery>
{
    public ListEnrolmentJobsValidator()
    {
        RuleFor(query => query.Limit).IsLimit();
        RuleFor(query => query.Cursor).IsCursor(query => query.Cursors, key => Guid.TryParse(key, out _));
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
            jobs = jobs.Where(job => (job.CollectionId == null && job.StartedBy == caller.KeyId)
                || (job.CollectionId != null && open.Contains(job.CollectionId.Value)));
        }

        if (!caller.MayRead)
            jobs = jobs.Where(job => job.StartedBy == caller.KeyId);

        if (query.Cursor is { } cursor)
        {
            var last = Guid.Parse(ListCursors.KeyOf(cursor));
            jobs = jobs.Where(job => job.Id.CompareTo(last) < 0);
        }

        var rows = await jobs.OrderByDescending(job => job.Id)
            .Take(query.Limit + 1)
            .Select(job => new
            {
                Job = job,
                Collection = db.Collections.Where(c => c.Id == job.CollectionId).Select(c => new { c.Name, c.Model }).FirstOrDefault(),
            })
            .ToListAsync(cancellationToken);
        return Page.Of(
            [.. rows.Select(row => EnrolmentJobResult.Of(row.Job, row.Collection?.Name, row.Collection?.Model, []))],
            query.Limit,
            query.Cursors,
            result => result.Job.Id.ToString());
    }
}
