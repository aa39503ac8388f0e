namespace FaceSearch.Domain.Collections;

/// <summary>A named set of enrolled faces. It pins the model its embeddings are made with.</summary>
public sealed class Collection
{
    /// <summary>The collection of the four unversioned routes.</summary>
    public const string DefaultName = "default";

    public const int NameMaxLength = 64;

    public long Id { get; private set; }

    public required string Name { get; init; }

    public required string Model { get; init; }

    public DateTime CreatedAt { get; init; }
}
