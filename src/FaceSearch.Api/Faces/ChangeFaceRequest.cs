using System.Text.Json.Serialization;
using FaceSearch.Api.Http.Annotations;
using FaceSearch.Application.Faces;
using FaceSearch.Domain.Faces;
using PersonEntity = FaceSearch.Domain.Persons.Person;

namespace FaceSearch.Api.Faces;

/// <summary>A JSON merge patch (RFC 7396): an absent member stays unchanged, null removes the value.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed class ChangeFaceRequest
{
    private Change<string?>? person;
    private Change<string?>? externalId;
    private Change<IReadOnlyList<string>>? tags;

    /// <summary>The name of the face's person. A new name adds a person. Null removes the face from its person.</summary>
    [Limits(MinLength = 1, MaxLength = PersonEntity.NameMaxLength)]
    public string? Person
    {
        get => person?.To;
        set => person = new Change<string?>(value);
    }

    /// <summary>Your own id of the face, unique in the collection. Null removes it.</summary>
    [Limits(MinLength = 1, MaxLength = Face.ExternalIdMaxLength)]
    public string? ExternalId
    {
        get => externalId?.To;
        set => externalId = new Change<string?>(value);
    }

    /// <summary>The tags of the face. They replace its present tags; null removes all.</summary>
    [Limits(MinLength = 1, MaxLength = FaceTag.MaxLength, MaxItems = FaceFields.MaxTags)]
    public IReadOnlyList<string>? Tags
    {
        get => tags?.To;
        set => tags = new Change<IReadOnlyList<string>>(value ?? []);
    }

    internal ChangeFaceCommand ToCommand(string collection, string faceId, IReadOnlyList<string>? expectedTags) =>
        new(collection, faceId, expectedTags) { Person = person, ExternalId = externalId, Tags = tags };
}
