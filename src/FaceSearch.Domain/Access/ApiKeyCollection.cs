namespace FaceSearch.Domain.Access;

/// <summary>A collection that a key is bound to.</summary>
public sealed class ApiKeyCollection
{
    public long ApiKeyId { get; init; }

    public long CollectionId { get; init; }
}
