using FaceSearch.Api.Contracts;
using FaceSearch.Application.Abstractions;
using FaceSearch.Application.Enrolment;
using FaceSearch.Domain.Quality;

namespace FaceSearch.Api.Faces;

/// <summary>The enrolled faces of a picture, and the faces that were not enrolled.</summary>
/// <param name="Faces">Largest first.</param>
/// <param name="Known">The faces of the picture that were enrolled before.</param>
/// <param name="Refused">Every other face of the picture, with the reasons.</param>
/// <param name="Warnings">Enrolled faces that are almost the same as one of another picture.</param>
public sealed record EnrolFacesResponse(
    EnrolledImageResponse Image,
    IReadOnlyList<FaceResponse> Faces,
    IReadOnlyList<KnownFaceResponse> Known,
    IReadOnlyList<RefusedFaceResponse> Refused,
    IReadOnlyList<NearDuplicateResponse> Warnings,
    string Model)
{
    internal static EnrolFacesResponse From(string collection, EnrolFacesResult result, bool mayRead)
    {
        var main = result.Picture.Main;
        return new EnrolFacesResponse(
            new EnrolledImageResponse(
                EntityId.Format(result.ImageId),
                result.Picture.Width,
                result.Picture.Height,
                result.Picture.OrientationApplied),
            [.. result.Faces.Select(face => FaceResponse.From(collection, face) with { Main = face.Box == main?.Box })],
            [.. result.Known.Select(face => KnownFaceResponse.From(main, face))],
            [.. result.Skipped.Select(face => RefusedFaceResponse.From(main, face))],
            [.. result.Warnings.Select(warning => NearDuplicateResponse.From(warning, mayRead))],
            result.Model);
    }
}

/// <summary>The picture that is stored.</summary>
/// <param name="Width">Pixels of the upright picture.</param>
/// <param name="Height">Pixels of the upright picture.</param>
/// <param name="OrientationApplied">True when the EXIF orientation turned or mirrored the picture.</param>
public sealed record EnrolledImageResponse(string ImageId, int Width, int Height, bool OrientationApplied);

/// <summary>A face of the picture that was enrolled before, with an earlier request.</summary>
/// <param name="Score">The detector's confidence.</param>
/// <param name="Main">Whether it is the picture's main face: a large one near its centre.</param>
public sealed record KnownFaceResponse(string FaceId, BoxResponse Box, float Score, bool Main)
{
    internal static KnownFaceResponse From(DetectedFace? main, KnownFace known) => new(
        EntityId.Format(known.FaceId),
        BoxResponse.From(known.Face.Box),
        known.Face.Score,
        ReferenceEquals(known.Face, main));
}

/// <summary>A face of the picture that was not enrolled.</summary>
/// <param name="Score">The detector's confidence.</param>
/// <param name="Main">Whether it is the picture's main face: a large one near its centre.</param>
/// <param name="Reasons">Why it was not enrolled: its quality, or another face was asked for.</param>
public sealed record RefusedFaceResponse(
    BoxResponse Box, float Score, bool Main, QualityResponse? Quality, IReadOnlyList<RefusalReason> Reasons)
{
    internal static RefusedFaceResponse From(DetectedFace? main, SkippedFace skipped) => new(
        BoxResponse.From(skipped.Face.Box),
        skipped.Face.Score,
        ReferenceEquals(skipped.Face, main),
        QualityResponse.From(skipped.Face.Box, skipped.Face.Quality),
        skipped.Reasons);
}

/// <summary>The face is enrolled, but it is almost the same as one that was enrolled before.</summary>
/// <param name="Code">near-duplicate</param>
/// <param name="FaceId">The new face.</param>
/// <param name="EnrolledFaceId">The one enrolled before.</param>
/// <param name="Person">The name of the enrolled face's person; null when it has none, and without the read scope.</param>
/// <param name="Distance">Euclidean distance between the two.</param>
public sealed record NearDuplicateResponse(
    string Code, string FaceId, string EnrolledFaceId, string? Person, float Distance, string Detail)
{
    internal static NearDuplicateResponse From(NearDuplicateWarning warning, bool mayRead) => new(
        "near-duplicate",
        EntityId.Format(warning.FaceId),
        EntityId.Format(warning.Enrolled.EnrolledFaceId),
        mayRead ? warning.Enrolled.Person : null,
        warning.Enrolled.Distance,
        warning.Enrolled.Describe());
}
