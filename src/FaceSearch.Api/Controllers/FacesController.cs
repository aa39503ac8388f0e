using FaceSearch.Api.Authentication;
using FaceSearch.Api.Contracts;
using FaceSearch.Api.OpenApi;
using FaceSearch.Api.Problems;
using FaceSearch.Api.Startup;
using FaceSearch.Api.Uploads;
using FaceSearch.Application.Faces;
using FaceSearch.Domain.Collections;
using Mediator;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.RateLimiting;

namespace FaceSearch.Api.Controllers;

[ApiController]
[Tags("Faces")]
public sealed class FacesController(ISender sender) : ControllerBase
{
    /// <summary>Enrols the largest face of a picture.</summary>
    /// <remarks>
    /// The face is searchable when the answer comes. Other faces of the picture are listed as skipped. An LFW-style
    /// file name gives the person and version: Aaron_Eckhart_0001.jpg.
    /// </remarks>
    [HttpPost("/add_face", Name = "addFace")]
    [Authorize(Scopes.Write)]
    [StreamsBody, TolerateStraySlash, RequiresIndex, PictureBody]
    [EnableRateLimiting(Admission.PicturesPolicy)]
    [ProducesResponseType<AddFaceResponse>(StatusCodes.Status201Created)]
    [Refuses("duplicate-picture", "no-face", "model-not-available")]
    public async Task<IActionResult> AddFace([FromServices] UploadReader uploads, CancellationToken ct)
    {
        var picture = await uploads.ReadPictureAsync(Request, ct);
        if (picture.Error is { } refused)
            return refused.ToActionResult(HttpContext);

        var result = await sender.Send(
            new EnrolFaceCommand(Collection.DefaultName, picture.Value.Bytes, picture.Value.FileName), ct);
        return result.ToActionResult(
            HttpContext, face => StatusCode(StatusCodes.Status201Created, AddFaceResponse.From(face)));
    }

    /// <summary>Tells all that is known about an enrolled picture.</summary>
    /// <param name="form">The picture's id; the API key, unless it comes in a header.</param>
    [HttpPost("/get_face_info", Name = "getFaceInfo")]
    [Authorize(Scopes.Read)]
    [ApiKeyInForm("api_key"), TolerateStraySlash]
    [Consumes("application/x-www-form-urlencoded", "multipart/form-data")]
    [ProducesResponseType<FaceInfoResponse>(StatusCodes.Status200OK)]
    [Refuses("image-not-found")]
    public async Task<IActionResult> GetFaceInfo([FromForm] FaceInfoForm form, CancellationToken ct)
    {
        var result = await sender.Send(new GetFaceInfoQuery(form.ImageId), ct);
        return result.ToActionResult(HttpContext, info => Ok(FaceInfoResponse.From(info)));
    }
}
