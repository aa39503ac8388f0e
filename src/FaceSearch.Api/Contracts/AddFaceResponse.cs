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

/// <summary>The face that was enrolled.</summary>
/// <param name="Score">The detector's confidence, 0 to 1.</param>
/// <param name="Person">From the LFW-style file name; null when it has none.</param>
/// <param name="Version">The number in the LFW-style file name; null when it has none.</param>
public sealed record EnrolledFaceResponse(
    string FaceId, string ImageId, BoxResponse Box, float Score, string? Person, int? Version);

/// <summary>A face that was found and not enrolled.</summary>
/// <param name="Score">The detector's confidence, 0 to 1.</param>
public sealed record SkippedFaceResponse(BoxResponse Box, float Score);
