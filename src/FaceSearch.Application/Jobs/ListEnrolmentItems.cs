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
    : IQuery<Result<Page<EnrolmentItemDetails>>>
{
    internal ListCursors Cursors => new("items", JobId, Outcome?.ToString());
}

/// <param name="FaceId">The enrolled face of the item's picture, its first; null without one.</param>
/// <param name="Person">The name of that face's person now; null for none.</param>
public sealed record EnrolmentItemDetails(EnrolmentItem Item, long? FaceId, string? Person);

internal sealed class ListEnrolmentItemsValidator : AbstractValidator<ListEnrolmentItemsQuery>
{
    public ListEnrolmentItemsValidator()
    {
        RuleFor(query => query.Limit).IsLimit();
        RuleFor(query => query.Cursor).IsCursor(
            query => query.Cursors, key => int.TryParse(key, NumberStyles.None, CultureInfo.InvariantCulture, out _));
    }
}

internal sealed class ListEnrolmentItemsHandler(IFaceSearchDbContext db, ICaller caller)
    : IQueryHandler<ListEnrolmentItemsQuery, Result<Page<EnrolmentItemDetails>>>
{
    public async ValueTask<Result<Page<EnrolmentItemDetails>>> Handle(
        ListEnrolmentItemsQuery query, CancellationToken cancellationToken)
    {
        if (await db.FindJobAsync(query.JobId, caller, cancellationToken) is not { } job)
            return JobErrors.JobNotFound(query.JobId);

        var items = db.EnrolmentItems.AsNoTracking().Where(item => item.JobId == job.Id);
        if (query.Outcome is { } outcome)
            items = items.Where(item => item.Outcome == outcome);
        if (query.Cursor is { } cursor)
        {
            var last = int.Parse(ListCursors.KeyOf(cursor), CultureInfo.InvariantCulture);
            items = items.Where(item => item.Position > last);
        }

        var rows = await items.OrderBy(item => item.Position).Take(query.Limit + 1).ToListAsync(cancellationToken);
        return Page.Of(
            await DescribeAsync(db, rows, cancellationToken),
            query.Limit,
            query.Cursors,
            item => item.Item.Position.ToString(CultureInfo.InvariantCulture));
    }

    private static async Task<IReadOnlyList<EnrolmentItemDetails>> DescribeAsync(
        IFaceSearchDbContext db, IReadOnlyList<EnrolmentItem> items, CancellationToken ct)
    {
        var images = items.Select(item => item.ImageId).OfType<long>().Distinct().ToArray();
        var faces = await db.Faces.AsNoTracking()
            .Where(face => images.Contains(face.ImageId))
            .Select(face => new { face.ImageId, face.Id, Person = face.Person == null ? null : face.Person.Name })
            .ToListAsync(ct);
        var first = faces.GroupBy(face => face.ImageId).ToDictionary(group => group.Key, group => group.MinBy(face => face.Id)!);
        return
        [
            .. items.Select(item => item.ImageId is { } image && first.TryGetValue(image, out var face)
                ? new EnrolmentItemDetails(item, face.Id, face.Person)
                : new EnrolmentItemDetails(item, null, null)),
        ];
    }
}
