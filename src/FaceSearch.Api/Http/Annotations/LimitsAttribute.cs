namespace FaceSearch.Api.Http.Annotations;

/// <summary>
/// The limits of a text or a list, for the document only: the message's validator checks them, with texts of its own.
/// </summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Parameter)]
internal sealed class LimitsAttribute : Attribute
{
    private const int None = -1;

    /// <summary>Characters of a text, or of each text of a list.</summary>
    public int MinLength { get; init; } = None;

    /// <summary>Characters of a text, or of each text of a list.</summary>
    public int MaxLength { get; init; } = None;

    public int MinItems { get; init; } = None;

    public int MaxItems { get; init; } = None;

    /// <summary>A regular expression of the whole text; null for none.</summary>
    public string? Pattern { get; init; }

    public static int? ValueOf(int limit) => limit == None ? null : limit;
}
