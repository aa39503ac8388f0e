using FaceSearch.Api.Contracts;
using FaceSearch.Application.Abstractions;
using FaceSearch.Application.Enrolment;

namespace FaceSearch.Api.Faces;

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
                face.PictureVersion,
                Main: true),
            [.. result.Known.Select(known => known.Face).Concat(result.Skipped.Select(skipped => skipped.Face))
                .Select(other => new SkippedFaceResponse(BoxResponse.From(other.Box), other.Score))],
            result.Model);
    }
}

/// <summary>The face that was enrolled.</summary>
/// <param name="Score">The detector's confidence, 0 to 1.</param>
/// <param name="Person">From the LFW-style file name; null when it has none.</param>
/// <param name="Version">The number in the LFW-style file name; null when it has none.</param>
/// <param name="Main">True: the main face of the picture, a large one near its centre.</param>
public sealed record EnrolledFaceResponse(
    string FaceId, string ImageId, BoxResponse Box, float Score, string? Person, int? Version, bool Main);

/// <summary>A face that was found and not enrolled.</summary>
/// <param name="Score">The detector's confidence, 0 to 1.</param>
public sealed record SkippedFaceResponse(BoxResponse Box, float Score);
