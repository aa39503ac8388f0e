using FaceSearch.Api.Http.Annotations;
using FaceSearch.Api.Http.Authentication;
using FaceSearch.Api.Http.Filters;
using FaceSearch.Api.Http.Problems;
using FaceSearch.Api.Http.RateLimits;
using FaceSearch.Api.Http.Uploads;
using FaceSearch.Application.Search;
using FaceSearch.Domain.Collections;
using Mediator;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.Options;

namespace FaceSearch.Api.Search;

[ApiController]
[Tags("Search")]
public sealed class SearchController(ISender sender, IOptions<SearchOptions> defaults) : ControllerBase
{
    /// <summary>Searches every face of a picture.</summary>
    /// <remarks>
    /// Returns, for each face in the picture, the nearest enrolled faces within the tolerance. A picture without a face
    /// returns no faces. An unknown face returns no matches.
    /// </remarks>
    /// <param name="k">The largest number of matches per face, 1 to 1000; 5 by default.</param>
    /// <param name="tolerance">The largest Euclidean distance that matches, above 0, up to 4; 0.6 by default.</param>
    [HttpPost("/search_faces", Name = "searchFaces")]
    [Authorize(Scopes.Search)]
    [StreamsBody, TrimTrailingSlash, RequiresIndex, PictureBody]
    [EnableRateLimiting(ImageConcurrencyLimit.PicturesPolicy)]
    [ProducesResponseType<SearchFacesResponse>(StatusCodes.Status200OK)]
    [ProducesProblem("model-not-available")]
    public Task<IActionResult> SearchFaces(
        [FromServices] UploadReader uploads, [FromQuery] int? k, [FromQuery] float? tolerance, CancellationToken ct) =>
        SearchAsync(uploads, Collection.DefaultName, Terms(k, tolerance), SearchFacesResponse.From, ct);

    /// <summary>Searches every face of a picture in a collection.</summary>
    /// <remarks>
    /// As /search_faces, with filters: only faces of these persons, only faces with all of these tags. Grouped by
    /// person, k counts persons, and each has its nearest faces within the tolerance, at most 100. Faces that are
    /// excluded from a person never match as that person: see the exclusions of a person.
    /// </remarks>
    /// <param name="collection">The collection's name.</param>
    /// <param name="k">The largest number of matches per face, 1 to 1000; 5 by default.</param>
    /// <param name="tolerance">The largest Euclidean distance that matches, above 0, up to 4; 0.6 by default.</param>
    /// <param name="groupBy">person puts the matches of one person together.</param>
    /// <param name="person">Names of persons: only their faces match. May be given several times.</param>
    /// <param name="personId">Ids of persons: only their faces match, and those of 'person'. May be given several times.</param>
    /// <param name="tag">Only faces with all of these tags match. May be given several times.</param>
    [HttpPost("/v1/collections/{collection}/search", Name = "searchCollection")]
    [Authorize(Scopes.Search)]
    [StreamsBody, RequiresIndex, PictureBody]
    [EnableRateLimiting(ImageConcurrencyLimit.PicturesPolicy)]
    [ProducesResponseType<SearchResponse>(StatusCodes.Status200OK)]
    [ProducesProblem("model-not-available")]
    public Task<IActionResult> SearchCollection(
        [FromServices] UploadReader uploads,
        string collection,
        [FromQuery] int? k,
        [FromQuery] float? tolerance,
        [FromQuery] SearchGrouping? groupBy,
        [FromQuery, Limits(MaxItems = SearchLimits.MaxPersons)] string[]? person,
        [FromQuery, Limits(MaxItems = SearchLimits.MaxPersons)] string[]? personId,
        [FromQuery, Limits(MaxItems = SearchLimits.MaxTags)] string[]? tag,
        CancellationToken ct) =>
        SearchAsync(uploads, collection, Terms(k, tolerance, groupBy, person, personId, tag), SearchResponse.From, ct);

    /// <summary>Searches an embedding.</summary>
    /// <remarks>
    /// The embedding must be made by the collection's model, as POST /v1/detect answers it. If the request names a
    /// model, the server checks it.
    /// </remarks>
    /// <param name="collection">The collection's name.</param>
    /// <param name="request">The embedding.</param>
    /// <param name="k">The largest number of matches, 1 to 1000; 5 by default.</param>
    /// <param name="tolerance">The largest Euclidean distance that matches, above 0, up to 4; 0.6 by default.</param>
    /// <param name="groupBy">person puts the matches of one person together.</param>
    /// <param name="person">Names of persons: only their faces match. May be given several times.</param>
    /// <param name="personId">Ids of persons: only their faces match, and those of 'person'. May be given several times.</param>
    /// <param name="tag">Only faces with all of these tags match. May be given several times.</param>
    [HttpPost("/v1/collections/{collection}/search/embedding", Name = "searchByEmbedding")]
    [Authorize(Scopes.Search)]
    [RequiresIndex]
    [ProducesResponseType<EmbeddingSearchResponse>(StatusCodes.Status200OK)]
    [ProducesProblem("model-mismatch", "wrong-embedding-length", "wrong-embedding-norm")]
    public async Task<IActionResult> SearchByEmbedding(
        string collection,
        [FromBody] EmbeddingSearchRequest request,
        [FromQuery] int? k,
        [FromQuery] float? tolerance,
        [FromQuery] SearchGrouping? groupBy,
        [FromQuery, Limits(MaxItems = SearchLimits.MaxPersons)] string[]? person,
        [FromQuery, Limits(MaxItems = SearchLimits.MaxPersons)] string[]? personId,
        [FromQuery, Limits(MaxItems = SearchLimits.MaxTags)] string[]? tag,
        CancellationToken ct)
    {
        var query = new SearchByEmbeddingQuery(
            collection, request.Embedding, request.Model, Terms(k, tolerance, groupBy, person, personId, tag));
        var result = await sender.Send(query, ct);
        return result.ToActionResult(HttpContext, found => Ok(EmbeddingSearchResponse.From(query, found)));
    }

    private async Task<IActionResult> SearchAsync(
        UploadReader uploads,
        string collection,
        SearchTerms terms,
        Func<SearchFacesQuery, SearchFacesResult, object> answer,
        CancellationToken ct)
    {
        var picture = await uploads.ReadPictureAsync(Request, ct);
        if (picture.Error is { } refused)
            return refused.ToActionResult(HttpContext);

        var query = new SearchFacesQuery(collection, picture.Value.Bytes, terms);
        var result = await sender.Send(query, ct);
        return result.ToActionResult(HttpContext, found => Ok(answer(query, found)));
    }

    private SearchTerms Terms(
        int? k,
        float? tolerance,
        SearchGrouping? groupBy = null,
        string[]? persons = null,
        string[]? personIds = null,
        string[]? tags = null) =>
        new(k ?? defaults.Value.DefaultK, tolerance ?? defaults.Value.DefaultTolerance)
        {
            GroupByPerson = groupBy is SearchGrouping.Person,
            Persons = persons ?? [],
            PersonIds = personIds ?? [],
            Tags = tags ?? [],
        };
}
