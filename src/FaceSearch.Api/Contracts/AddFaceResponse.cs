using FaceSearch.Application.Abstractions;
using FaceSearch.Application.Faces;

namespace FaceSearch.Api.Contracts;

/// <summary>The enrolled face and the other faces of the picture, which were not enrolled.</summary>
public sealed record AddFaceResponse(EnrolledFaceResponse Face, IReadOnlyList<SkippedFaceResponse> Skipped, string Model)
{
    internal static AddFaceResponse From(EnrolFaceResult result) => new(
        new EnrolledFaceResponse(
            EntityId.Format(result.FaceId),
            EntityId.Format(result.ImageId),
            BoxResponse.From(result.Box),
            result.Score,
            result.Person,
            result.Version),
        [.. result.Skipped.Select(face => new SkippedFaceResponse(BoxResponse.From(face.Box), face.Score))],
        result.Model);
}

public sealed record EnrolledFaceResponse(
    string FaceId, string ImageId, BoxResponse Box, float Score, string? Person, int? Version);

public sealed record SkippedFaceResponse(BoxResponse Box, float Score);
