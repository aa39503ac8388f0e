using System.Text.Json.Serialization;
using FaceSearch.Api.Http.Annotations;
using FaceSearch.Application.Abstractions;
using FaceSearch.Application.Paging;
using FaceSearch.Application.Persons;
using FaceSearch.Domain.Persons;

namespace FaceSearch.Api.Persons;

/// <summary>A person whose faces are enrolled.</summary>
/// <param name="Name">Unique in the collection.</param>
/// <param name="FaceCount">How many enrolled faces are this person's.</param>
/// <param name="SampleFaceId">One of them; null when there is none.</param>
public sealed record PersonResponse(string PersonId, string Name, int FaceCount, string? SampleFaceId)
{
    internal static PersonResponse From(PersonResult person) => new(
        EntityId.Format(person.Id),
        person.Name,
        person.Faces,
        person.SampleFaceId is { } face ? EntityId.Format(face) : null);
}

/// <summary>A renamed person, or one that others were merged into.</summary>
/// <param name="Name">Null after a merge by a key without the read scope.</param>
public sealed record ChangedPersonResponse(string PersonId, string? Name);

/// <summary>A page of persons, by name.</summary>
/// <param name="NextCursor">Ask again with it as 'cursor' for the persons that follow; absent at the end.</param>
public sealed record PersonListResponse(
    [property: Limits(MaxItems = Page.MaxLimit)] IReadOnlyList<PersonResponse> Persons,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? NextCursor)
{
    internal static PersonListResponse From(Page<PersonResult> page) =>
        new([.. page.Items.Select(PersonResponse.From)], page.NextCursor);
}

/// <summary>What to change about a person.</summary>
public sealed class RenamePersonRequest
{
    /// <summary>The new name, 1 to 200 characters; no other person of the collection may have it.</summary>
    [RequiredByValidator, Limits(MinLength = 1, MaxLength = Person.NameMaxLength)]
    public string? Name { get; init; }
}

/// <summary>The persons to merge into a person.</summary>
public sealed class MergePersonsRequest
{
    /// <summary>1 to 100 ids of other persons of the collection. The merge removes these persons.</summary>
    [RequiredByValidator, Limits(MinItems = 1, MaxItems = MergePersonsCommand.MaxPersons)]
    public string[]? PersonIds { get; init; }
}

/// <summary>Which face is not the person.</summary>
public sealed class ExcludeFaceRequest
{
    /// <summary>The id of an enrolled face of the collection.</summary>
    [RequiredByValidator]
    public string? FaceId { get; init; }
}

/// <summary>A client excluded this face from that person.</summary>
public sealed record ExclusionResponse(string FaceId, DateTime CreatedAt)
{
    internal static ExclusionResponse From(PersonExclusion exclusion) =>
        new(EntityId.Format(exclusion.FaceId), exclusion.CreatedAt);
}

/// <summary>A page of faces that are not the person.</summary>
/// <param name="NextCursor">Ask again with it as 'cursor' for the faces that follow; absent at the end.</param>
public sealed record ExclusionListResponse(
    [property: Limits(MaxItems = Page.MaxLimit)] IReadOnlyList<ExclusionResponse> Exclusions,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? NextCursor)
{
    internal static ExclusionListResponse From(Page<PersonExclusion> page) =>
        new([.. page.Items.Select(ExclusionResponse.From)], page.NextCursor);
}
