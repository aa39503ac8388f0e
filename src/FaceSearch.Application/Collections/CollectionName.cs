using System.Text.RegularExpressions;

namespace FaceSearch.Application.Collections;

/// <summary>The rule for collection names.</summary>
internal static class CollectionName
{
    public const string Rule = "1 to 64 small letters, digits, '-' and '_', and begins with a letter or digit";

    /// <summary><c>\z</c> matches the very end; <c>$</c> would allow a trailing line feed.</summary>
    private static readonly Regex Pattern = new(
        @"\A[a-z0-9][a-z0-9_-]{0,63}\z", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking);

    public static bool IsOne(string? name) => name is not null && Pattern.IsMatch(name);
}
