namespace FaceSearch.Domain.Faces;

/// <summary>
/// A face's embedding by another model, made while the collection is searched by the old one; all of a job's take the
/// place of the old ones at its end.
/// </summary>
public sealed class ShadowEmbedding
{
    public Guid JobId { get; init; }

    public long FaceId { get; init; }

    public required Embedding Embedding { get; init; }
}
