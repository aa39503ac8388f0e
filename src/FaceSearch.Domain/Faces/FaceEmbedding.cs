namespace FaceSearch.Domain.Faces;

/// <summary>
/// A face's embedding by one model. The row of the collection's model is searched. A re-embedding adds rows of the next
/// model beside them, and deletes the rows of the old model after the collection has got the new one.
/// </summary>
public sealed class FaceEmbedding
{
    public long FaceId { get; init; }

    /// <summary>The model that made the embedding; distances between models mean nothing.</summary>
    public required string Model { get; init; }

    public required Embedding Embedding { get; init; }
}
