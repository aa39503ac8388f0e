using System.ComponentModel.DataAnnotations;

namespace FaceSearch.Application.Search;

/// <summary>The defaults of a search. Section <c>Search</c>.</summary>
public sealed class SearchOptions
{
    public const string Section = "Search";

    /// <summary>The number of matches per face.</summary>
    [Range(1, SearchLimits.MaxK)]
    public int DefaultK { get; set; } = 5;

    /// <summary>Euclidean distance. Every profile scales its embeddings so that 0.6 is its operating point.</summary>
    [Range(0.001, SearchLimits.MaxTolerance)]
    public float DefaultTolerance { get; set; } = 0.6f;

    /// <summary>
    /// A probe within this distance of a face that is excluded from a person does not match that person. Euclidean
    /// distance; 0 applies to the same embedding only.
    /// </summary>
    [Range(0, SearchLimits.MaxTolerance)]
    public float ExclusionTolerance { get; set; } = 0.3f;

    /// <summary>
    /// The largest number of faces in a grouped answer, shared evenly by the picture's faces. The nearest are answered.
    /// </summary>
    [Range(1, 1_000_000)]
    public int MaxGroupedFaces { get; set; } = 10_000;

    /// <summary>
    /// The largest number of nearest faces that a grouped search looks at to find k persons, shared evenly by the
    /// picture's faces, but not less than k each.
    /// </summary>
    [Range(1, 10_000_000)]
    public int MaxGroupingDepth { get; set; } = 100_000;
}
