using System.Text.RegularExpressions;

namespace FaceSearch.Application.Collections;

/// <summary>What a collection may be called.</summary>
internal static partial class CollectionName
{
    public const string Rule = "1 to 64 small letters, digits, '-' and '_', and begins with a letter or digit";

    public static bool IsOne(string? name) => name is not null && Pattern().IsMatch(name);

    /// <summary>To the very end: <c>$</c> would let a line feed through.</summary>
    [GeneratedRegex(@"\A[a-z0-9][a-z0-9_-]{0,63}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Pattern();
}
