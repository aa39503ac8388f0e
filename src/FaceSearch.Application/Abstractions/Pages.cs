using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;

namespace FaceSearch.Application.Abstractions;

/// <summary>
/// Reads a large result in pages, each by a statement of its own. EF Core holds the whole result of a statement in memory
/// when it may have to repeat it, as on MySQL.
/// </summary>
public static class Pages
{
    /// <param name="after">The rows after a key, in the order of the keys.</param>
    /// <param name="start">Less than every key.</param>
    /// <param name="size">Rows per page.</param>
    public static async IAsyncEnumerable<IReadOnlyList<TRow>> ReadAsync<TRow, TKey>(
        Func<TKey, IQueryable<TRow>> after,
        TKey start,
        Func<TRow, TKey> keyOf,
        int size,
        [EnumeratorCancellation] CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(after);
        ArgumentNullException.ThrowIfNull(keyOf);
        for (var last = start; ;)
        {
            var page = await after(last).Take(size).ToListAsync(ct);
            if (page.Count > 0)
                yield return page;
            if (page.Count < size)
                yield break;

            last = keyOf(page[^1]);
        }
    }
}
