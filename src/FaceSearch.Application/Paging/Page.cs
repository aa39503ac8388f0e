using FluentValidation;

namespace FaceSearch.Application.Paging;

/// <summary>A page of a list.</summary>
/// <param name="NextCursor">The cursor of the next page; null at the end.</param>
public sealed record Page<T>(IReadOnlyList<T> Items, string? NextCursor);

public static class Page
{
    public const int DefaultLimit = 50;

    public const int MaxLimit = 500;

    /// <param name="rows">At most one row more than the limit.</param>
    /// <param name="cursors">Those of the list.</param>
    /// <param name="keyOf">The key that the next page starts after.</param>
    public static Page<T> Of<T>(IReadOnlyList<T> rows, int limit, ListCursors cursors, Func<T, string> keyOf)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(cursors);
        ArgumentNullException.ThrowIfNull(keyOf);
        return rows.Count <= limit
            ? new Page<T>(rows, null)
            : new Page<T>([.. rows.Take(limit)], cursors.Encode(keyOf(rows[limit - 1])));
    }

    internal static IRuleBuilderOptions<T, int> IsLimit<T>(this IRuleBuilder<T, int> rule) => rule
        .InclusiveBetween(1, MaxLimit)
        .OverridePropertyName("limit")
        .WithMessage($"limit is a whole number from 1 to {MaxLimit}.");
}
