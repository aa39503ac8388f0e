namespace FaceSearch.Application.Search;

/// <summary>How many and how near. Distances are Euclidean, between embeddings of one model.</summary>
public static class SearchLimits
{
    public const int MaxK = 1000;

    /// <summary>No two embeddings in use lie farther apart than about 2; dlib's DenseNet gets the rest.</summary>
    public const float MaxTolerance = 4;

    /// <summary>Of a person in a grouped answer: the nearest faces only, as somebody may have thousands.</summary>
    public const int MaxGroupMatches = 100;

    public const int MaxPersons = 100;

    public const int MaxTags = 20;
}
