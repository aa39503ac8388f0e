namespace FaceSearch.Domain.Persons;

/// <summary>Somebody said that this face is not that person: a search never answers the one with the other.</summary>
public sealed class PersonExclusion
{
    public long PersonId { get; init; }

    public long FaceId { get; init; }

    public DateTime CreatedAt { get; init; }
}
