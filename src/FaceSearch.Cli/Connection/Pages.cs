namespace FaceSearch.Cli.Connection;

/// <summary>Reads lists that the server answers page by page.</summary>
internal static class Pages
{
    private const int LargestPage = 500;

    /// <param name="read">Returns the page at a cursor, and the next cursor; null at the end.</param>
    /// <param name="most">The largest number of items.</param>
    public static async Task<IReadOnlyList<T>> ReadAsync<T>(
        Func<string?, int, Task<(IReadOnlyList<T> Items, string? NextCursor)>> read, int most)
    {
        var all = new List<T>();
        string? cursor = null;
        do
        {
            var (items, next) = await read(cursor, Math.Min(LargestPage, most - all.Count));
            all.AddRange(items);
            cursor = next;
        }
        while (cursor is not null && all.Count < most);

        return all;
    }
}
