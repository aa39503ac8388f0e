using System.Buffers.Text;
using System.Text;
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
    /// <param name="keyOf">The key that the next page starts after.</param>
    public static Page<T> Of<T>(IReadOnlyList<T> rows, int limit, Func<T, string> keyOf)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(keyOf);
        return rows.Count <= limit
            ? new Page<T>(rows, null)
            : new Page<T>([.. rows.Take(limit)], Encode(keyOf(rows[limit - 1])));
    }

    /// <summary>The key in a cursor; null when the cursor is invalid.</summary>
    public static string? KeyOf(string cursor)
    {
        try
        {
            return Encoding.UTF8.GetString(Base64Url.DecodeFromChars(cursor));
        }
        catch (FormatException)
        {
            return null;
        }
    }

    private static string Encode(string key) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(key));

    internal static IRuleBuilderOptions<T, int> IsLimit<T>(this IRuleBuilder<T, int> rule) => rule
        .InclusiveBetween(1, MaxLimit)
        .OverridePropertyName("limit")
        .WithMessage($"limit is a whole number from 1 to {MaxLimit}.");

    /// <param name="isKey">Whether the text in the cursor can be a key of this list.</param>
    internal static IRuleBuilderOptions<T, string?> IsCursor<T>(this IRuleBuilder<T, string?> rule, Func<string, bool> isKey) => rule
        .Must(cursor => cursor is null || (KeyOf(cursor) is { } key && isKey(key)))
        .OverridePropertyName("cursor")
        .WithMessage("cursor is the 'nextCursor' of an earlier answer to the same list request.");
}
