using System.Globalization;
using FaceSearch.Application.Abstractions;
using FaceSearch.Application.Paging;
using FaceSearch.Application.Results;
using FaceSearch.Domain.Enrolment;
using FluentValidation;
using Mediator;
using Microsoft.EntityFrameworkCore;

namespace FaceSearch.Application.Jobs;

/// <summary>
/// The outcome of each file of a job's archive, in the archive's order. For a re-embedding, the pictures that failed.
/// </summary>
/// <param name="Outcome">Only the files with this outcome; all without it.</param>
public sealed record ListEnrolmentItemsQuery(string JobId, EnrolmentOutcome? Outcome, string? Cursor, int Limit)
    : IQuery<Result<Page<EnrolmentItem>>>;

internal sealed class ListEnrolmentItemsValidator : AbstractValidator<ListEnrolmentItemsQuery>
{
    public ListEnrolmentItemsValidator()
    {
        RuleFor(query => query.Limit).IsLimit();
        RuleFor(query => query.Cursor).IsCursor(
            key => int.TryParse(key, NumberStyles.None, CultureInfo.InvariantCulture, out _));
    }
}

internal sealed class ListEnrolmentItemsHandler(IFaceSearchDbContext db, ICaller caller)
    : IQueryHandler<ListEnrolmentItemsQuery, Result<Page<EnrolmentItem>>>
{
    public async ValueTask<Result<Page<EnrolmentItem>>> Handle(
        ListEnrolmentItemsQuery query, CancellationToken cancellationToken)
    {
        if (await db.FindJobAsync(query.JobId, caller, cancellationToken) is not { } job)
            return JobErrors.JobNotFound(query.JobId);

        var items = db.EnrolmentItems.AsNoTracking().Where(item => item.JobId == job.Id);
        if (query.Outcome is { } outcome)
            items = items.Where(item => item.Outcome == outcome);
        if (query.Cursor is { } cursor)
        {
            var last = int.Parse(Page.KeyOf(cursor)!, CultureInfo.InvariantCulture);
            items = items.Where(item => item.Position > last);
        }

        var rows = await items.OrderBy(item => item.Position).Take(query.Limit + 1).ToListAsync(cancellationToken);
        return Page.Of(rows, query.Limit, item => item.Position.ToString(CultureInfo.InvariantCulture));
    }
}
