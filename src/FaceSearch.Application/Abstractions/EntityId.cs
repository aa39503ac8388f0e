using System.Globalization;

namespace FaceSearch.Application.Abstractions;

/// <summary>Ids are numbers in the database and opaque texts to a client.</summary>
public static class EntityId
{
    public static string Format(long id) => id.ToString(CultureInfo.InvariantCulture);

    /// <summary>Null when the text is not a valid id.</summary>
    public static long? Parse(string? text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : null;
}
