using FaceSearch.Api.Http.Annotations;
using FaceSearch.Api.Http.Authentication;
using FaceSearch.Api.Http.Problems;
using FaceSearch.Api.Http.RateLimits;
using FaceSearch.Api.Http.Uploads;
using FaceSearch.Application.Detection;
using FaceSearch.Application.Search;
using FaceSearch.Domain.Quality;
using Mediator;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.Options;

namespace FaceSearch.Api.Search;

[ApiController]
[Tags("Detection")]
public sealed class DetectionController(ISender sender) : ControllerBase
{
    /// <summary>Finds the faces of a picture and measures their quality; nothing is stored.</summary>
    /// <param name="profile">An engine profile's name or a model's id; the server's own without it.</param>
    /// <param name="quality">The level that the reasons are given for.</param>
    /// <param name="embeddings">Answer the faces' embeddings too.</param>
    [HttpPost("/v1/detect", Name = "detectFaces")]
    [Authorize(Scopes.Search)]
    [StreamsBody, PictureBody]
    [EnableRateLimiting(ImageConcurrencyLimit.PicturesPolicy)]
    [ProducesResponseType<DetectFacesResponse>(StatusCodes.Status200OK)]
    [ProducesProblem("unknown-profile")]
    public async Task<IActionResult> DetectFaces(
        [FromServices] UploadReader uploads,
        [FromQuery] string? profile,
        [FromQuery] QualityLevel quality = QualityLevel.Low,
        [FromQuery] bool embeddings = false,
        CancellationToken ct = default)
    {
        var picture = await uploads.ReadPictureAsync(Request, ct);
        if (picture.Error is { } refused)
            return refused.ToActionResult(HttpContext);

        var result = await sender.Send(new DetectFacesQuery(picture.Value.Bytes, profile, quality, embeddings), ct);
        return result.ToActionResult(HttpContext, found => Ok(DetectFacesResponse.From(found)));
    }

    /// <summary>Tells whether the main faces of two pictures are the same person's; nothing is stored.</summary>
    /// <param name="tolerance">The largest Euclidean distance that matches, above 0, up to 4; 0.6 by default.</param>
    /// <param name="profile">An engine profile's name or a model's id; the server's own without it.</param>
    [HttpPost("/v1/verify", Name = "verifyFaces")]
    [Authorize(Scopes.Search)]
    [StreamsBody, TwoPicturesBody("first", "second")]
    [EnableRateLimiting(ImageConcurrencyLimit.PicturesPolicy)]
    [ProducesResponseType<VerifyFacesResponse>(StatusCodes.Status200OK)]
    [ProducesProblem("unknown-profile", "no-face")]
    public async Task<IActionResult> VerifyFaces(
        [FromServices] UploadReader uploads,
        [FromServices] IOptions<SearchOptions> defaults,
        [FromQuery] float? tolerance,
        [FromQuery] string? profile,
        CancellationToken ct)
    {
        var pictures = await uploads.ReadPicturesAsync(Request, "first", "second", ct);
        if (pictures.Error is { } refused)
            return refused.ToActionResult(HttpContext);

        var (first, second) = pictures.Value;
        var query = new VerifyFacesQuery(
            first.Bytes, second.Bytes, tolerance ?? defaults.Value.DefaultTolerance, profile);
        var result = await sender.Send(query, ct);
        return result.ToActionResult(HttpContext, verified => Ok(VerifyFacesResponse.From(query, verified)));
    }
}
