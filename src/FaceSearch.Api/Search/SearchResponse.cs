using FaceSearch.Api.Contracts;
using FaceSearch.Application.Abstractions;
using FaceSearch.Application.Search;

namespace FaceSearch.Api.Search;

/// <summary>The nearest enrolled faces of every face in the picture.</summary>
/// <param name="Model">The model that made the embeddings compared here.</param>
/// <param name="K">The largest number of matches per face; of persons, when they are grouped.</param>
/// <param name="Tolerance">The largest Euclidean distance that matches.</param>
/// <param name="Faces">Largest face first; empty when the picture has no face.</param>
public sealed record SearchResponse(
    PictureResponse Image, string Collection, string Model, int K, float Tolerance, IReadOnlyList<SearchedFaceResponse> Faces)
{
    internal static SearchResponse From(SearchFacesQuery query, SearchFacesResult result)
    {
        var main = result.Picture.Main;
        return new SearchResponse(
            PictureResponse.From(result.Picture),
            query.Collection,
            result.Model,
            query.Terms.K,
            query.Terms.Tolerance,
            [.. result.Faces.Select(face => SearchedFaceResponse.From(main, face))]);
    }
}

/// <summary>A face of the picture and its matches.</summary>
/// <param name="Score">The detector's confidence.</param>
/// <param name="Main">True for the face that is meant where one is taken: a large one near the picture's centre.</param>
/// <param name="Matches">Nearest first, ties by face id; empty when no face is within the tolerance.</param>
/// <param name="Groups">The same matches by person, nearest person first; null unless grouped.</param>
/// <param name="Truncated">
/// True when groups, or faces of them, may be missing: a grouped answer has 10,000 faces at most. A smaller tolerance or k
/// answers fewer.
/// </param>
public sealed record SearchedFaceResponse(
    BoxResponse Box, float Score, bool Main, IReadOnlyList<MatchResponse> Matches, IReadOnlyList<MatchGroupResponse>? Groups,
    bool Truncated)
{
    internal static SearchedFaceResponse From(DetectedFace? main, IdentifiedFace face) => new(
        BoxResponse.From(face.Probe.Box),
        face.Probe.Score,
        ReferenceEquals(face.Probe, main),
        MatchResponse.From(face.Found.Matches),
        MatchGroupResponse.From(face.Found.Groups),
        face.Found.IsTruncated);
}

/// <summary>An enrolled face within the tolerance.</summary>
/// <param name="Rank">1 is the nearest.</param>
/// <param name="Distance">Euclidean distance between the embeddings; smaller is more alike.</param>
/// <param name="Person">The person's name; null when the face has no person.</param>
/// <param name="PictureNumber">The number in the picture's LFW-style file name.</param>
/// <param name="ExternalId">The client's own name for the face.</param>
/// <param name="Tags">The face's tags, in alphabetical order.</param>
public sealed record MatchResponse(
    int Rank, float Distance, string FaceId, string ImageId, string? Person, string? PersonId,
    int? PictureNumber, string? ExternalId, IReadOnlyList<string> Tags)
{
    internal static IReadOnlyList<MatchResponse> From(IReadOnlyList<Match> matches) => [.. matches.Select(From)];

    private static MatchResponse From(Match match) => new(
        match.Rank,
        match.Distance,
        EntityId.Format(match.Face.FaceId),
        EntityId.Format(match.Face.ImageId),
        match.Face.Person,
        match.Face.PersonId is { } person ? EntityId.Format(person) : null,
        match.Face.Version,
        match.Face.ExternalId,
        match.Face.Tags);
}

/// <summary>One person's matches. A face without a person is a group of its own.</summary>
/// <param name="Distance">The distance of the nearest match.</param>
/// <param name="Matches">Nearest first, at most 100; the ranks are those of the whole list.</param>
public sealed record MatchGroupResponse(
    string? Person, string? PersonId, float Distance, IReadOnlyList<MatchResponse> Matches)
{
    internal static IReadOnlyList<MatchGroupResponse>? From(IReadOnlyList<MatchGroup>? groups) =>
        groups is null ? null : [.. groups.Select(From)];

    private static MatchGroupResponse From(MatchGroup group) => new(
        group.Person,
        group.PersonId is { } person ? EntityId.Format(person) : null,
        group.Matches[0].Distance,
        MatchResponse.From(group.Matches));
}
