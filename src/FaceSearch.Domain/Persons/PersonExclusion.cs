namespace FaceSearch.Domain.Persons;

/// <summary>The face is excluded from the person: a search never returns the face as this person.</summary>
public sealed class PersonExclusion
{
    public long PersonId { get; init; }

    public long FaceId { get; init; }

    public DateTime CreatedAt { get; init; }
}
