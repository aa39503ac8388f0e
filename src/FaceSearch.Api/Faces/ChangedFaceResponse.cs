using FaceSearch.Application.Abstractions;
using FaceSearch.Application.Faces;

namespace FaceSearch.Api.Faces;

/// <summary>
/// What a change of a face has changed. Without the read scope, a value that the call has not set is null.
/// </summary>
/// <param name="Person">The name of the person; null when the face has none.</param>
/// <param name="PersonId">Null without the read scope.</param>
/// <param name="ExternalId">Your own name for the face; null when it has none.</param>
/// <param name="Tags">Null only when they are not shown.</param>
public sealed record ChangedFaceResponse(
    string FaceId, string Collection, string? Person, string? PersonId, string? ExternalId, IReadOnlyList<string>? Tags)
{
    internal static ChangedFaceResponse From(FaceDetails face, ChangeFaceCommand change, bool mayRead) => new(
        EntityId.Format(face.FaceId),
        change.Collection,
        mayRead || change.Person is not null ? face.Person : null,
        mayRead && face.PersonId is { } personId ? EntityId.Format(personId) : null,
        mayRead || change.ExternalId is not null ? face.ExternalId : null,
        mayRead || change.Tags is not null ? face.Tags : null);
}
