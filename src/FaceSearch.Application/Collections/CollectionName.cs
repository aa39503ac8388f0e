using System.Text.RegularExpressions;

namespace FaceSearch.Application.Collections;

/// <summary>The rule for collection names.</summary>
public static class CollectionName
{
    /// <summary>The whole name as a regular expression.</summary>
    public const string Expression = "[a-z0-9][a-z0-9_-]{0,63}";

    internal const string Rule = "1 to 64 small letters, digits, '-' and '_', and begins with a letter or digit";

    /// <summary><c>\z</c> matches the very end; <c>$</c> would allow a trailing line feed.</summary>
    private static readonly Regex Pattern = new(
        $@"\A{Expression}\z", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking);

    internal static bool IsOne(string? name) => name is not null && Pattern.IsMatch(name);
}
