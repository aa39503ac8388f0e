using FaceSearch.Api.Authentication;
using FaceSearch.Api.Contracts;
using FaceSearch.Api.OpenApi;
using FaceSearch.Api.Problems;
using FaceSearch.Api.Startup;
using FaceSearch.Api.Uploads;
using FaceSearch.Application.Search;
using FaceSearch.Domain.Collections;
using Mediator;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.Options;

namespace FaceSearch.Api.Controllers;

[ApiController]
[Tags("Search")]
public sealed class SearchController(ISender sender) : ControllerBase
{
    /// <summary>Searches every face of a picture.</summary>
    /// <remarks>
    /// Answers, for each face in the picture, the nearest enrolled faces within the tolerance. A picture without a
    /// face is a success with no faces; a face that nobody enrolled matches is an honest unknown: no matches.
    /// </remarks>
    /// <param name="k">At most so many matches a face, 1 to 1000; 5 by default.</param>
    /// <param name="tolerance">The largest Euclidean distance that matches, above 0, up to 4; 0.6 by default.</param>
    [HttpPost("/search_faces", Name = "searchFaces")]
    [Authorize(Scopes.Search)]
    [StreamsBody, TolerateStraySlash, RequiresIndex, PictureBody]
    [EnableRateLimiting(Admission.PicturesPolicy)]
    [ProducesResponseType<SearchFacesResponse>(StatusCodes.Status200OK)]
    [Refuses("model-not-available")]
    public async Task<IActionResult> SearchFaces(
        [FromServices] UploadReader uploads,
        [FromServices] IOptions<SearchOptions> defaults,
        [FromQuery] int? k,
        [FromQuery] float? tolerance,
        CancellationToken ct)
    {
        var picture = await uploads.ReadPictureAsync(Request, ct);
        if (picture.Error is { } refused)
            return refused.ToActionResult(HttpContext);

        var query = new SearchFacesQuery(
            Collection.DefaultName,
            picture.Value.Bytes,
            k ?? defaults.Value.DefaultK,
            tolerance ?? defaults.Value.DefaultTolerance);
        var result = await sender.Send(query, ct);
        return result.ToActionResult(HttpContext, found => Ok(SearchFacesResponse.From(query, found)));
    }
}
