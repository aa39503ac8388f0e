namespace FaceSearch.Application.Search;

/// <summary>How many and how near. Distances are Euclidean, between embeddings of one model.</summary>
public static class SearchLimits
{
    public const int MaxK = 1000;

    /// <summary>No two embeddings in use lie farther apart than about 2; dlib's DenseNet gets the rest.</summary>
    public const float MaxTolerance = 4;
}
