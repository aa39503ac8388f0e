using System.Text.Json.Serialization;
using FaceSearch.Api.Contracts;
using FaceSearch.Application.Abstractions;
using FaceSearch.Application.Detection;
using FaceSearch.Application.Search;
using FaceSearch.Domain.Quality;

namespace FaceSearch.Api.Search;

/// <summary>The faces of a picture.</summary>
/// <param name="Model">The model that the embeddings would be of.</param>
/// <param name="Faces">Largest first; empty when the picture has none.</param>
public sealed record DetectFacesResponse(
    PictureResponse Image, string Model, IReadOnlyList<DetectedFaceResponse> Faces)
{
    internal static DetectFacesResponse From(DetectFacesResult result)
    {
        var main = result.Picture.Main;
        return new DetectFacesResponse(
            PictureResponse.From(result.Picture), result.Model, [.. result.Faces.Select(face => DetectedFaceResponse.From(main, face))]);
    }
}

/// <summary>The picture that was searched for faces.</summary>
/// <param name="Width">Pixels of the upright picture.</param>
/// <param name="Height">Pixels of the upright picture.</param>
/// <param name="OrientationApplied">True when the EXIF orientation turned or mirrored the picture.</param>
public sealed record PictureResponse(int Width, int Height, bool OrientationApplied)
{
    internal static PictureResponse From(DetectedPicture picture) =>
        new(picture.Width, picture.Height, picture.OrientationApplied);
}

/// <summary>A face that was found.</summary>
/// <param name="Score">The detector's confidence.</param>
/// <param name="Main">True for the face that is meant where one is taken: a large one near the picture's centre.</param>
/// <param name="Landmarks">
/// The points the face is aligned by: right eye, left eye, nose tip, right and left corner of the mouth; with the
/// dlib profiles the corners of the eyes and the base of the nose.
/// </param>
/// <param name="Reasons">Why the face is not good enough for the level that was asked for; empty when it is.</param>
/// <param name="Embedding">The face as floats; only where it was asked for.</param>
public sealed record DetectedFaceResponse(
    BoxResponse Box,
    float Score,
    bool Main,
    IReadOnlyList<PointResponse> Landmarks,
    QualityResponse? Quality,
    IReadOnlyList<RefusalReason> Reasons,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<float>? Embedding = null)
{
    internal static DetectedFaceResponse From(DetectedFace? main, JudgedFace judged) => new(
        BoxResponse.From(judged.Face.Box),
        judged.Face.Score,
        ReferenceEquals(judged.Face, main),
        [.. judged.Face.Landmarks.Points.Select(point => new PointResponse(point.X, point.Y))],
        QualityResponse.From(judged.Face.Box, judged.Face.Quality),
        judged.Reasons,
        judged.Embedding?.Values.ToArray());
}

/// <summary>Pixels of the upright picture.</summary>
public sealed record PointResponse(float X, float Y);

/// <summary>Whether two faces are the same person's.</summary>
/// <param name="Match">True when the distance is at most the tolerance.</param>
/// <param name="Distance">Euclidean distance between the embeddings; smaller is more alike.</param>
/// <param name="Model">The model that made the embeddings.</param>
public sealed record VerifyFacesResponse(
    bool Match, float Distance, float Tolerance, string Model, VerifiedFaceResponse First, VerifiedFaceResponse Second)
{
    internal static VerifyFacesResponse From(VerifyFacesQuery query, VerifyFacesResult result) => new(
        result.IsMatch,
        result.Distance,
        query.Tolerance,
        result.Model,
        VerifiedFaceResponse.From(result.First),
        VerifiedFaceResponse.From(result.Second));
}

/// <summary>The main face of a picture, a large one near its centre, which is compared.</summary>
/// <param name="Score">The detector's confidence.</param>
/// <param name="Main">True: this face was taken.</param>
/// <param name="OtherFaces">The other faces of the picture, largest first.</param>
public sealed record VerifiedFaceResponse(
    PictureResponse Image, BoxResponse Box, float Score, bool Main, QualityResponse? Quality,
    IReadOnlyList<OtherFaceResponse> OtherFaces)
{
    internal static VerifiedFaceResponse From(DetectedPicture picture)
    {
        var main = picture.Main!;
        return new VerifiedFaceResponse(
            PictureResponse.From(picture),
            BoxResponse.From(main.Box),
            main.Score,
            Main: true,
            QualityResponse.From(main.Box, main.Quality),
            [.. picture.Faces.Where(face => !ReferenceEquals(face, main))
                .Select(face => new OtherFaceResponse(BoxResponse.From(face.Box), face.Score))]);
    }
}

/// <summary>A face of the picture that was not taken.</summary>
/// <param name="Score">The detector's confidence.</param>
public sealed record OtherFaceResponse(BoxResponse Box, float Score);
