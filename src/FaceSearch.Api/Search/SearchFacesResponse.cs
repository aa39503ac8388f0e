using FaceSearch.Api.Contracts;
using FaceSearch.Application.Abstractions;
using FaceSearch.Application.Search;

namespace FaceSearch.Api.Search;

/// <summary>The answer of the unversioned search: the nearest enrolled faces of every face in the picture.</summary>
/// <param name="Model">The model that made the embeddings compared here.</param>
/// <param name="K">The largest number of matches per face.</param>
/// <param name="Tolerance">The largest Euclidean distance that matches.</param>
/// <param name="Faces">Largest face first; empty when the picture has no face.</param>
public sealed record SearchFacesResponse(
    PictureResponse Image, string Collection, string Model, int K, float Tolerance, IReadOnlyList<SearchFacesFace> Faces)
{
    internal static SearchFacesResponse From(SearchFacesQuery query, SearchFacesResult result)
    {
        var main = result.Picture.Main;
        return new SearchFacesResponse(
            PictureResponse.From(result.Picture),
            query.Collection,
            result.Model,
            query.Terms.K,
            query.Terms.Tolerance,
            [.. result.Faces.Select(face => SearchFacesFace.From(main, face))]);
    }
}

/// <summary>A face of the picture and its matches.</summary>
/// <param name="Score">The detector's confidence.</param>
/// <param name="Main">True for the face that is meant where one is taken: a large one near the picture's centre.</param>
/// <param name="Matches">Nearest first, ties by face id; empty when no face is within the tolerance.</param>
/// <param name="Groups">Null: this route does not group.</param>
/// <param name="Truncated">False: the matches are complete.</param>
public sealed record SearchFacesFace(
    BoxResponse Box, float Score, bool Main, IReadOnlyList<SearchFacesMatch> Matches,
    IReadOnlyList<MatchGroupResponse>? Groups = null, bool Truncated = false)
{
    internal static SearchFacesFace From(DetectedFace? main, IdentifiedFace face) => new(
        BoxResponse.From(face.Probe.Box),
        face.Probe.Score,
        ReferenceEquals(face.Probe, main),
        [.. face.Found.Matches.Select(SearchFacesMatch.From)]);
}

/// <summary>An enrolled face within the tolerance.</summary>
/// <param name="Rank">1 is the nearest.</param>
/// <param name="Distance">Euclidean distance between the embeddings; smaller is more alike.</param>
/// <param name="Person">The person's name; null when the face has no person.</param>
/// <param name="Version">The number in the picture's LFW-style file name.</param>
/// <param name="ExternalId">The client's own name for the face.</param>
/// <param name="Tags">The face's tags, in alphabetical order.</param>
public sealed record SearchFacesMatch(
    int Rank, float Distance, string FaceId, string ImageId, string? Person, int? Version, string? PersonId,
    string? ExternalId, IReadOnlyList<string> Tags)
{
    internal static SearchFacesMatch From(Match match) => new(
        match.Rank,
        match.Distance,
        EntityId.Format(match.Face.FaceId),
        EntityId.Format(match.Face.ImageId),
        match.Face.Person,
        match.Face.Version,
        match.Face.PersonId is { } person ? EntityId.Format(person) : null,
        match.Face.ExternalId,
        match.Face.Tags);
}
