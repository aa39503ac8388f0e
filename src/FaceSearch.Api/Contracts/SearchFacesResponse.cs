using FaceSearch.Application.Abstractions;
using FaceSearch.Application.Search;

namespace FaceSearch.Api.Contracts;

/// <summary>The nearest enrolled faces of every face in the picture.</summary>
/// <param name="Model">The model that made the embeddings compared here.</param>
/// <param name="K">At most so many matches a face.</param>
/// <param name="Tolerance">The largest Euclidean distance that matches.</param>
/// <param name="Faces">Largest face first; empty when the picture has no face.</param>
public sealed record SearchFacesResponse(
    SearchedImage Image, string Collection, string Model, int K, float Tolerance, IReadOnlyList<SearchedFace> Faces)
{
    internal static SearchFacesResponse From(SearchFacesQuery query, SearchFacesResult result) => new(
        new SearchedImage(result.Picture.Width, result.Picture.Height, result.Picture.OrientationApplied),
        query.Collection,
        result.Model,
        query.K,
        query.Tolerance,
        [.. result.Faces.Select(SearchedFace.From)]);
}

/// <summary>The picture that was asked about.</summary>
/// <param name="Width">Pixels of the upright picture.</param>
/// <param name="Height">Pixels of the upright picture.</param>
/// <param name="OrientationApplied">True when the EXIF orientation turned or mirrored the picture.</param>
public sealed record SearchedImage(int Width, int Height, bool OrientationApplied);

/// <summary>A face of the picture and whom it is like.</summary>
/// <param name="Score">The detector's confidence.</param>
/// <param name="Matches">Nearest first, ties by face id; empty when nobody is within the tolerance.</param>
public sealed record SearchedFace(BoxResponse Box, float Score, IReadOnlyList<MatchResponse> Matches)
{
    internal static SearchedFace From(IdentifiedFace face) => new(
        BoxResponse.From(face.Probe.Box), face.Probe.Score, [.. face.Matches.Select(MatchResponse.From)]);
}

/// <summary>An enrolled face within the tolerance.</summary>
/// <param name="Rank">1 is the nearest.</param>
/// <param name="Distance">Euclidean distance between the embeddings; smaller is more alike.</param>
/// <param name="Version">The number in the picture's LFW-style file name.</param>
public sealed record MatchResponse(
    int Rank, float Distance, string FaceId, string ImageId, string? Person, int? Version)
{
    internal static MatchResponse From(Match match) => new(
        match.Rank,
        match.Distance,
        EntityId.Format(match.FaceId),
        EntityId.Format(match.ImageId),
        match.Person,
        match.Version);
}
