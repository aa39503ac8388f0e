namespace FaceSearch.Domain.Faces;

/// <summary>
/// A face's embedding by another model, made by a re-embedding job while the collection is searched by the old model.
/// At the job's end they all replace the old embeddings.
/// </summary>
public sealed class ShadowEmbedding
{
    public Guid JobId { get; init; }

    public long FaceId { get; init; }

    public required Embedding Embedding { get; init; }
}
