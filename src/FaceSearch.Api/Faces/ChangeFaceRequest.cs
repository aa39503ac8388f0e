using System.Text.Json.Serialization;
using FaceSearch.Application.Faces;

namespace FaceSearch.Api.Faces;

/// <summary>A JSON merge patch (RFC 7396): an absent member stays unchanged, null removes the value.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed class ChangeFaceRequest
{
    private Change<string?>? person;
    private Change<string?>? externalId;
    private Change<IReadOnlyList<string>>? tags;

    /// <summary>The name of the person whose face it is. A new name adds a person. Null for no person.</summary>
    public string? Person
    {
        get => person?.To;
        set => person = new Change<string?>(value);
    }

    /// <summary>Your own name for the face, unique in the collection. Null for none.</summary>
    public string? ExternalId
    {
        get => externalId?.To;
        set => externalId = new Change<string?>(value);
    }

    /// <summary>All tags of the face, in place of those it has.</summary>
    public IReadOnlyList<string>? Tags
    {
        get => tags?.To;
        set => tags = new Change<IReadOnlyList<string>>(value ?? []);
    }

    internal ChangeFaceCommand ToCommand(string collection, string faceId, IReadOnlyList<int>? expectedVersions) =>
        new(collection, faceId, expectedVersions) { Person = person, ExternalId = externalId, Tags = tags };
}
