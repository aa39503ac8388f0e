namespace FaceSearch.Application.Search;

/// <summary>The limits of a search. Distances are Euclidean, between embeddings of one model.</summary>
public static class SearchLimits
{
    public const int MaxK = 1000;

    /// <summary>Distances of most models are at most about 2; those of dlib's DenseNet can be larger.</summary>
    public const float MaxTolerance = 4;

    /// <summary>The largest number of faces per person in a grouped answer, as a person may have thousands.</summary>
    public const int MaxGroupMatches = 100;

    public const int MaxPersons = 100;

    public const int MaxTags = 20;
}
