using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using FaceSearch.Api.Http.Annotations;
using FaceSearch.Application.Search;
using FaceEmbedding = FaceSearch.Domain.Faces.Embedding;

namespace FaceSearch.Api.Search;

/// <summary>The embedding of a face.</summary>
public sealed class EmbeddingSearchRequest
{
    /// <summary>128 finite floats, made by the collection's model.</summary>
    [Required(ErrorMessage = "embedding is an array of 128 floats.")]
    [Limits(MaxItems = FaceEmbedding.StandardLength)]
    public float[] Embedding { get; init; } = [];

    /// <summary>The model that made the embedding; when given, it must be the collection's.</summary>
    public string? Model { get; init; }
}

/// <summary>The nearest enrolled faces of an embedding.</summary>
/// <param name="Model">The model of the collection.</param>
/// <param name="K">The largest number of matches; of persons, when they are grouped.</param>
/// <param name="Tolerance">The largest Euclidean distance that matches.</param>
/// <param name="Matches">Nearest first, ties by face id; empty when no face is within the tolerance.</param>
/// <param name="Groups">The same matches by person, nearest person first; null unless grouped.</param>
/// <param name="Truncated">
/// True when groups, or faces of them, may be missing: a grouped answer has 10,000 faces at most. A smaller tolerance or k
/// answers fewer.
/// </param>
public sealed record EmbeddingSearchResponse(
    string Collection, string Model, int K, float Tolerance, IReadOnlyList<MatchResponse> Matches,
    IReadOnlyList<MatchGroupResponse>? Groups, bool Truncated)
{
    internal static EmbeddingSearchResponse From(SearchByEmbeddingQuery query, SearchByEmbeddingResult result) => new(
        query.Collection,
        result.Model,
        query.Terms.K,
        query.Terms.Tolerance,
        MatchResponse.From(result.Found.Matches),
        MatchGroupResponse.From(result.Found.Groups),
        result.Found.IsTruncated);
}

/// <summary>What matches are put together by.</summary>
[Description("What matches are put together by.")]
public enum SearchGrouping
{
    Person = 1,
}
