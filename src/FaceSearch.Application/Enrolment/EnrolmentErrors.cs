using FaceSearch.Application.Abstractions;
using FaceSearch.Application.Faces;
using FaceSearch.Application.Results;
using FaceSearch.Domain.Quality;

namespace FaceSearch.Application.Enrolment;

/// <summary>Why a face of a picture was not enrolled.</summary>
public static class EnrolmentErrors
{
    public static readonly Error NoFaceInTargetBox = new(
        ErrorKind.Unprocessable, "no-face-in-target-box",
        "No face of the picture overlaps targetBox. Give it as x,y,width,height in pixels of the upright picture.");

    public static Error SeveralFaces(int count) => new(
        ErrorKind.Unprocessable, "several-faces",
        $"The picture shows {count} faces, and faces=single asks for one. Crop it, name the face with targetBox, or "
        + "ask for faces=main or faces=all.")
    {
        Facts = new Dictionary<string, object> { ["faceCount"] = count },
    };

    public static Error LowQuality(QualityLevel level, SkippedFace face) => new(
        ErrorKind.Unprocessable, "low-quality",
        $"The face is not good enough for quality={level.ToString().ToLowerInvariant()}; 'reasons' tells why. Send a "
        + "better picture, or ask for less.")
    {
        Facts = new Dictionary<string, object>
        {
            ["reasons"] = face.Reasons,
            ["quality"] = QualityDetails.Of(face.Face.Box, face.Face.Quality)!,
        },
    };

    public static Error NearDuplicate(NearDuplicate enrolled) => new(
        ErrorKind.Conflict, "near-duplicate", $"{enrolled.Describe()} Nothing was enrolled.")
    {
        Facts = new Dictionary<string, object>
        {
            ["faceId"] = EntityId.Format(enrolled.EnrolledFaceId),
            ["distance"] = enrolled.Distance,
        },
    };

    public static Error Duplicate(long imageId, long? faceId) => new(
        ErrorKind.Conflict, "duplicate-picture",
        "This picture is enrolled already; 'faceId' and 'imageId' name it.")
    {
        Facts = new Dictionary<string, object>
        {
            ["imageId"] = EntityId.Format(imageId),
            ["faceId"] = faceId is { } id ? EntityId.Format(id) : string.Empty,
        },
    };
}
