namespace FaceSearch.Domain.Persons;

/// <summary>A person whose faces are enrolled; the name is unique within the collection.</summary>
public sealed class Person
{
    public const int NameMaxLength = 200;

    public long Id { get; private set; }

    public long CollectionId { get; init; }

    public required string Name { get; set; }

    /// <summary>Incremented with every change of the person; its ETag. A change of an older version is refused.</summary>
    public int Version { get; set; } = 1;
}
