using FaceSearch.Application.Abstractions;
using FaceSearch.Application.Results;

namespace FaceSearch.Application.Faces;

public static class FaceErrors
{
    public const string NoFaceCode = "no-face";

    public static readonly Error NoFace = new(
        ErrorKind.Unprocessable, NoFaceCode,
        "No face was found in the picture. Send one in which a face is upright, lit and at least 20 pixels wide.");

    public static Error Duplicate(long imageId, long? faceId) => new(
        ErrorKind.Conflict, "duplicate-picture",
        "This very picture is enrolled already; 'faceId' and 'imageId' name it.")
    {
        Facts = new Dictionary<string, object>
        {
            ["imageId"] = EntityId.Format(imageId),
            ["faceId"] = faceId is { } id ? EntityId.Format(id) : string.Empty,
        },
    };

    public static Error ImageNotFound(string id) => new(
        ErrorKind.NotFound, "image-not-found", $"There is no picture with the id '{id}'.");
}
