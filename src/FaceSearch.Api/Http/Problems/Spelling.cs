namespace FaceSearch.Api.Http.Problems;

/// <summary>Finds the name that was probably meant.</summary>
internal static class Spelling
{
    /// <summary>
    /// The known name with the fewest letters to insert, remove or replace, in any letter case; the first of several.
    /// </summary>
    public static string? Nearest(string name, IEnumerable<string> known) =>
        known.MinBy(candidate => Distance(name.ToUpperInvariant(), candidate.ToUpperInvariant()));

    /// <summary>Levenshtein's distance, row by row. Time: the product of the lengths.</summary>
    private static int Distance(string from, string to)
    {
        var above = Enumerable.Range(0, to.Length + 1).ToArray();
        for (var i = 1; i <= from.Length; i++)
        {
            var row = new int[to.Length + 1];
            row[0] = i;
            for (var j = 1; j <= to.Length; j++)
            {
                var replaced = above[j - 1] + (from[i - 1] == to[j - 1] ? 0 : 1);
                row[j] = Math.Min(replaced, Math.Min(above[j], row[j - 1]) + 1);
            }

            above = row;
        }

        return above[to.Length];
    }
}
