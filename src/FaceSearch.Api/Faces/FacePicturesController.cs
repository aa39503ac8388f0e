using FaceSearch.Api.Http.Annotations;
using FaceSearch.Api.Http.Authentication;
using FaceSearch.Api.Http.Problems;
using FaceSearch.Api.Http.RateLimits;
using FaceSearch.Application.Faces;
using FaceSearch.Domain.Faces;
using Mediator;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Net.Http.Headers;

namespace FaceSearch.Api.Faces;

[ApiController]
[Tags("Faces")]
public sealed class FacePicturesController(ISender sender) : ControllerBase
{
    /// <summary>The browser may cache pictures for a minute, shared caches may not: pictures can be erased.</summary>
    private const string KeptPrivately = "private, max-age=60";

    /// <summary>Gets all stored data about an enrolled picture, and the ids of its faces.</summary>
    /// <remarks>The picture itself is that of any of its faces.</remarks>
    [HttpGet("/v1/collections/{collection}/images/{imageId}", Name = "getImage")]
    [Authorize(Scopes.Read)]
    [ProducesResponseType<ImageResponse>(StatusCodes.Status200OK)]
    [ProducesProblem("image-not-found")]
    public async Task<IActionResult> GetImage(string collection, string imageId, CancellationToken ct)
    {
        var result = await sender.Send(new GetImageQuery(collection, imageId), ct);
        return result.ToActionResult(HttpContext, image => Ok(ImageResponse.From(image)));
    }

    /// <summary>Gets the picture that a face was enrolled from, unchanged.</summary>
    /// <remarks>With If-None-Match and the picture's ETag, the answer is 304 without a body.</remarks>
    [HttpGet("/v1/collections/{collection}/faces/{faceId}/image", Name = "getFaceImage")]
    [Authorize(Scopes.Read)]
    [EnableRateLimiting(ImageConcurrencyLimit.StoredPicturesPolicy)]
    [AnswersETag]
    [ProducesResponseType(typeof(Stream), StatusCodes.Status200OK, "image/jpeg", "image/png", "image/webp", "image/gif", "image/bmp")]
    [ProducesProblem("face-not-found", "picture-not-kept", "changed-meanwhile")]
    public async Task<IActionResult> GetFaceImage(string collection, string faceId, CancellationToken ct)
    {
        var result = await sender.Send(new GetFaceImageQuery(collection, faceId), ct);
        return result.ToActionResult(HttpContext, image => Picture(image.Bytes, TypeOf(image.Format), image.Sha256));
    }

    /// <summary>Gets a face cut out of its picture, upright, as a square JPEG.</summary>
    /// <remarks>With If-None-Match and the crop's ETag, the answer is 304 without a body.</remarks>
    /// <param name="size">Pixels of a side, 16 to 1024; 160 by default.</param>
    [HttpGet("/v1/collections/{collection}/faces/{faceId}/crop", Name = "getFaceCrop")]
    [Authorize(Scopes.Read)]
    [EnableRateLimiting(ImageConcurrencyLimit.StoredPicturesPolicy)]
    [AnswersETag]
    [ProducesResponseType(typeof(Stream), StatusCodes.Status200OK, "image/jpeg")]
    [ProducesProblem("face-not-found", "picture-not-kept", "changed-meanwhile")]
    public async Task<IActionResult> GetFaceCrop(
        string collection, string faceId, int size = GetFaceCropQuery.DefaultSize, CancellationToken ct = default)
    {
        var result = await sender.Send(new GetFaceCropQuery(collection, faceId, size), ct);
        return result.ToActionResult(HttpContext, jpeg => Picture(jpeg, TypeOf(ImageFormat.Jpeg), $"{faceId}-{size}"));
    }

    /// <summary>The ETag is the face's id: its box and its picture never change.</summary>
    private FileContentResult Picture(byte[] bytes, string type, string tag)
    {
        Response.Headers.CacheControl = KeptPrivately;
        Response.Headers.XContentTypeOptions = "nosniff";
        return File(bytes, type, lastModified: null, new EntityTagHeaderValue($"\"{tag}\""));
    }

    private static string TypeOf(ImageFormat format) => format switch
    {
        ImageFormat.Jpeg => "image/jpeg",
        ImageFormat.Png => "image/png",
        ImageFormat.Webp => "image/webp",
        ImageFormat.Gif => "image/gif",
        ImageFormat.Bmp => "image/bmp",
        _ => throw new ArgumentOutOfRangeException(nameof(format), format, null),
    };
}
