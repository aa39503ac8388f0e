using System.ComponentModel.DataAnnotations;

namespace FaceSearch.Application.Search;

/// <summary>What a search is when the caller says nothing. Section <c>Search</c>.</summary>
public sealed class SearchOptions
{
    public const string Section = "Search";

    /// <summary>Matches a face.</summary>
    [Range(1, SearchLimits.MaxK)]
    public int DefaultK { get; set; } = 5;

    /// <summary>Euclidean distance. Every profile scales its embeddings so that 0.6 is its operating point.</summary>
    [Range(0.001, SearchLimits.MaxTolerance)]
    public float DefaultTolerance { get; set; } = 0.6f;

    /// <summary>
    /// How near a probe must be to a face of which somebody said that it is not a certain person, so that this person
    /// is no answer to the probe either. Euclidean distance; 0 takes the same embedding only.
    /// </summary>
    [Range(0, SearchLimits.MaxTolerance)]
    public float ExclusionTolerance { get; set; } = 0.3f;
}
