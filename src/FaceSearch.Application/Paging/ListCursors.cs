using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using FluentValidation;

namespace FaceSearch.Application.Paging;

/// <summary>
/// The cursors of a list with its filters. A cursor names both, because the key that it has may look like a key of another
/// list, whose pages would then begin at the wrong row.
/// </summary>
/// <param name="list">The plural that the answer has its items under, for example <c>faces</c>.</param>
/// <param name="filters">All that the list depends on, except the limit.</param>
public sealed class ListCursors(string list, params string?[] filters)
{
    private const int HashBytes = 6;

    private const string Unknown = "cursor is the 'nextCursor' of an earlier answer to the same list request.";

    private readonly string filtersHash = HashOf(filters);

    internal string Encode(string key) =>
        Base64Url.EncodeToString(Encoding.UTF8.GetBytes(string.Join('\n', list, filtersHash, key)));

    /// <summary>The key in a cursor that <see cref="FindFault"/> has accepted.</summary>
    internal static string KeyOf(string cursor) => Decode(cursor)![2];

    /// <summary>Null when the cursor is of this list.</summary>
    /// <param name="isKey">Whether the text in the cursor can be a key of this list.</param>
    internal string? FindFault(string cursor, Func<string, bool> isKey) => Decode(cursor) switch
    {
        [var of, var hash, var key] when of == list => hash != filtersHash
            ? $"cursor is of a list of {list} with other parameters. Send it with those of the request that answered it."
            : isKey(key) ? null : Unknown,
        [var of, _, _] when of.All(char.IsAsciiLetterLower) =>
            $"cursor is of a list of {of}. Send the 'nextCursor' of a list of {list}.",
        _ => Unknown,
    };

    private static string[]? Decode(string cursor)
    {
        try
        {
            return Encoding.UTF8.GetString(Base64Url.DecodeFromChars(cursor)).Split('\n', 3);
        }
        catch (FormatException)
        {
            return null;
        }
    }

    private static string HashOf(IEnumerable<string?> filters)
    {
        var text = string.Join('\n', filters.Select(filter => filter is null ? "-" : $"+{filter}"));
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)), 0, HashBytes);
    }
}

internal static class CursorRules
{
    /// <param name="cursors">Those of the query's list.</param>
    /// <param name="isKey">Whether the text in the cursor can be a key of this list.</param>
    public static IRuleBuilderOptionsConditions<T, string?> IsCursor<T>(
        this IRuleBuilder<T, string?> rule, Func<T, ListCursors> cursors, Func<string, bool> isKey) => rule
        .Custom((cursor, context) =>
        {
            if (cursor is not null && cursors(context.InstanceToValidate).FindFault(cursor, isKey) is { } fault)
                context.AddFailure("cursor", fault);
        });
}
