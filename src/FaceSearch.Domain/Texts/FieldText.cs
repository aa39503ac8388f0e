using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using ADRaffy.ENSNormalize;

namespace FaceSearch.Domain.Texts;

/// <summary>
/// The one rule of names, external ids and tags. Texts that look the same are the same: they are stored in Unicode's
/// normal form C, without invisible format characters and without white space around them. Thread-safe.
/// </summary>
public static class FieldText
{
    /// <summary>Longer texts are not normalized; every field is shorter.</summary>
    private const int MaxInput = 1024;

    /// <summary>The soft hyphen, zero-width spaces and word joiners, marks and overrides of the direction.</summary>
    private static readonly SearchValues<char> Invisible = SearchValues.Create(
        "\u00AD\u061C\u200B\u200E\u200F\u202A\u202B\u202C\u202D\u202E\u2060\u2061\u2062\u2063\u2064\u2066\u2067\u2068\u2069"
        + "\u206A\u206B\u206C\u206D\u206E\u206F\uFEFF");

    /// <summary>The stored form of a text; null for null.</summary>
    [return: NotNullIfNotNull(nameof(text))]
    public static string? Normalize(string? text) => Compose(text)?.Trim();

    /// <summary>The stored form of a part of a text, with the white space around it; null for null.</summary>
    [return: NotNullIfNotNull(nameof(text))]
    public static string? Compose(string? text)
    {
        if (text is null || text.Length > MaxInput || IsComposed(text))
            return text;

        // string.Normalize does nothing when globalization is invariant. Removed characters were between others that now compose.
        string before;
        do
        {
            before = ENSNormalize.NF.NFC(text);
            text = WithoutInvisible(before);
        }
        while (text.Length < before.Length);

        return text;
    }

    /// <summary>
    /// The stored form of a text that a file system or an archive has given: control characters are left out too.
    /// </summary>
    public static string Clean(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Normalize(text.Any(IsControl) ? string.Concat(text.Where(c => !IsControl(c))) : text);
    }

    /// <summary>
    /// Whether a text in its stored form has 1 to <paramref name="maxLength"/> UTF-16 code units, none of them a control
    /// character, half of a surrogate pair or U+FFFD, which takes the place of what could not be decoded.
    /// </summary>
    public static bool IsValid([NotNullWhen(true)] string? text, int maxLength) =>
        !string.IsNullOrWhiteSpace(text)
        && text.Length <= maxLength
        && !text.Any(IsControl)
        && !text.EnumerateRunes().Contains(Rune.ReplacementChar);

    /// <summary>The rule of <see cref="IsValid"/> in words, for messages.</summary>
    public static string RuleOf(int maxLength) => $"1 to {maxLength} visible characters, without control characters and U+FFFD";

    /// <summary>Below U+0300 no characters compose.</summary>
    private static bool IsComposed(string text) => !text.AsSpan().ContainsAnyExceptInRange('\0', '\u02FF') && !text.Contains('\u00AD');

    private static bool IsControl(char c) => char.IsControl(c) || c is '\u2028' or '\u2029';

    private static string WithoutInvisible(string text)
    {
        var visible = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            var isJoiner = text[i] is '\u200C' or '\u200D';
            if (isJoiner ? Joins(text, i - 1) && Joins(text, i + 1) : !Invisible.Contains(text[i]))
                visible.Append(text[i]);
        }

        return visible.ToString();
    }

    /// <summary>
    /// Whether a joiner next to this character may change how it looks: in Arabic and Indic scripts and in emoji, but not in
    /// Latin, Greek and Cyrillic, nor next to punctuation.
    /// </summary>
    private static bool Joins(string text, int place) =>
        (uint)place < (uint)text.Length
        && text[place] is >= '\u0600' and not (>= '\u1E00' and <= '\u206F')
        && !Invisible.Contains(text[place]) && !char.IsWhiteSpace(text[place]);
}
