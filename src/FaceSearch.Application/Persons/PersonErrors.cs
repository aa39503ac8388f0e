using FaceSearch.Application.Abstractions;
using FaceSearch.Application.Results;

namespace FaceSearch.Application.Persons;

internal static class PersonErrors
{
    public static Error NotFound(string id) => new(
        ErrorKind.NotFound, "person-not-found", $"There is no person with the id '{id}' in this collection.");

    public static Error FaceNotFound(string id) => new(
        ErrorKind.NotFound, "face-not-found", $"There is no face with the id '{id}' in this collection.");

    public static Error ExclusionNotFound(string faceId) => new(
        ErrorKind.NotFound, "exclusion-not-found", $"Face '{faceId}' is not excluded from this person.");

    public static Error Exists(long personId) => new(
        ErrorKind.Conflict, "person-exists",
        "Another person of the collection has this name; 'personId' is its id. If both are one, merge them instead.")
    {
        Facts = new Dictionary<string, object> { ["personId"] = EntityId.Format(personId) },
    };
}
