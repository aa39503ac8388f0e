using FaceSearch.Application.Abstractions;
using FaceSearch.Application.Results;

namespace FaceSearch.Application.Faces;

public static class FaceErrors
{
    public static readonly Error PictureNotKept = new(
        ErrorKind.NotFound, "picture-not-kept",
        "The face's picture is not kept: the server is configured to keep none (Enrolment:KeepPictures).");

    public static Error ExternalIdTaken(long faceId) => new(
        ErrorKind.Conflict, "external-id-taken",
        "Another face of the collection has this externalId already; 'faceId' names it.")
    {
        Facts = new Dictionary<string, object> { ["faceId"] = EntityId.Format(faceId) },
    };

    public static Error NotFound(string faceId) => new(
        ErrorKind.NotFound, "face-not-found", $"There is no face with the id '{faceId}' in the collection.");

    public static Error ImageNotFound(string id) => new(
        ErrorKind.NotFound, "image-not-found", $"There is no picture with the id '{id}'.");
}
