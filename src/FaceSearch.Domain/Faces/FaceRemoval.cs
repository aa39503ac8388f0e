namespace FaceSearch.Domain.Faces;

/// <summary>
/// A removed face's tombstone, stored in the transaction that removes the face. Other processes read it to remove the
/// face from their index.
/// </summary>
public sealed class FaceRemoval
{
    public long Id { get; private set; }

    public long CollectionId { get; init; }

    public long FaceId { get; init; }

    public DateTime RemovedAt { get; init; }
}
