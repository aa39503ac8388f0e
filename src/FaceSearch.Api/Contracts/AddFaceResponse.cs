using FaceSearch.Application.Abstractions;
using FaceSearch.Application.Faces;

namespace FaceSearch.Api.Contracts;

/// <summary>The enrolled face and the other faces of the picture, which were not enrolled.</summary>
public sealed record AddFaceResponse(EnrolledFaceResponse Face, IReadOnlyList<SkippedFaceResponse> Skipped, string Model)
{
    internal static AddFaceResponse From(EnrolFacesResult result)
    {
        var face = result.Faces.Single();
        return new AddFaceResponse(
            new EnrolledFaceResponse(
                EntityId.Format(face.FaceId),
                EntityId.Format(result.ImageId),
                BoxResponse.From(face.Box),
                face.Score,
                face.Person,
                face.PictureVersion),
            [.. result.Skipped.Select(skipped => new SkippedFaceResponse(
                BoxResponse.From(skipped.Face.Box), skipped.Face.Score))],
            result.Model);
    }
}

public sealed record EnrolledFaceResponse(
    string FaceId, string ImageId, BoxResponse Box, float Score, string? Person, int? Version);

public sealed record SkippedFaceResponse(BoxResponse Box, float Score);
