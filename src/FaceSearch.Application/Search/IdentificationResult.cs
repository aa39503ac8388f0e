namespace FaceSearch.Application.Search;

/// <summary>What a search found for one probe.</summary>
/// <param name="Matches">Nearest first, ties by face id; empty when no face is within the tolerance.</param>
/// <param name="Groups">The same matches by person, nearest person first; null unless grouped.</param>
/// <param name="IsTruncated">Groups, or faces of them, are missing because of the limits.</param>
public sealed record IdentificationResult(
    IReadOnlyList<Match> Matches, IReadOnlyList<MatchGroup>? Groups, bool IsTruncated);

/// <param name="Rank">1 is the nearest.</param>
public sealed record Match(int Rank, float Distance, MatchedFace Face);

/// <param name="Version">The number in the picture's LFW-style file name.</param>
public sealed record MatchedFace(
    long FaceId, long ImageId, long? PersonId, string? Person, int? Version, string? ExternalId,
    IReadOnlyList<string> Tags);

/// <summary>One person's matches. A face without a person is a group of its own.</summary>
/// <param name="Matches">Nearest first, <see cref="SearchLimits.MaxGroupMatches"/> at most.</param>
public sealed record MatchGroup(long? PersonId, string? Person, IReadOnlyList<Match> Matches);
