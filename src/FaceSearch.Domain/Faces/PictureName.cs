using System.Globalization;
using System.Text.RegularExpressions;
using FaceSearch.Domain.Texts;

namespace FaceSearch.Domain.Faces;

/// <summary>The person and number in a picture's path, in the layout of Labeled Faces in the Wild.</summary>
/// <param name="Person">Null when the path has no person's name.</param>
/// <param name="Version">The number of the picture; null when it has none.</param>
public readonly record struct PictureName(string? Person, int? Version)
{
    /// <summary>Takes time linear in the name, as callers choose the name.</summary>
    private static readonly Regex NumberedName = new(
        @"^(?<name>.*[\p{Ll}\p{Lo}].*)_(?<number>\d{4,})\.[^.]+$", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking);

    /// <summary>
    /// Reads <c>Aaron_Eckhart_0001.jpg</c> as person "Aaron Eckhart", version 1. In any other name the folder is the
    /// person's name, when there is one: <c>Ada Lovelace/holiday.jpg</c>. A folder overrides the file name. A name all
    /// in capitals is a camera's, not a person's: <c>IMG_0001.jpg</c>. A name that was not decoded names no person. A file name of more than <see
    /// cref="Image.FileNameMaxLength"/> characters names no person and has no number.
    /// </summary>
    public static PictureName Parse(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        var segments = path.Replace('\\', '/').Split('/', StringSplitOptions.RemoveEmptyEntries);
        if (segments.Length == 0)
            return default;

        var folder = segments.Length > 1 ? ToPerson(segments[^2]) : null;
        if (segments[^1].Length > Image.FileNameMaxLength)
            return new PictureName(folder, null);

        var match = NumberedName.Match(segments[^1]);
        return match.Success
            ? new PictureName(folder ?? ToPerson(match.Groups["name"].Value), ParseVersion(match.Groups["number"].Value))
            : new PictureName(folder, null);
    }

    /// <summary>
    /// Whether every character of a path is known. Programs write U+FFFD or a question mark for what they can't decode or
    /// encode, so different persons would have one name.
    /// </summary>
    public static bool IsDecoded(string path) => !path.AsSpan().ContainsAny('?', '\uFFFD');

    private static string? ToPerson(string text)
    {
        var name = FieldText.Clean(text.Replace('_', ' '));
        return IsDecoded(name) && FieldText.IsValid(name, Persons.Person.NameMaxLength) ? name : null;
    }

    private static int? ParseVersion(string digits) =>
        int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var version) ? version : null;
}
