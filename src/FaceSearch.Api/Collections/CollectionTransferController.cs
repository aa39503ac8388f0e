using FaceSearch.Api.Enrolment;
using FaceSearch.Api.Http.Annotations;
using FaceSearch.Api.Http.Authentication;
using FaceSearch.Api.Http.Filters;
using FaceSearch.Api.Http.Idempotency;
using FaceSearch.Api.Http.Problems;
using FaceSearch.Api.Http.Uploads;
using FaceSearch.Application.Transfer;
using Mediator;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;

namespace FaceSearch.Api.Collections;

[ApiController]
[Tags("Collections")]
public sealed class CollectionTransferController(ISender sender) : ControllerBase
{
    private const string ZipType = "application/zip";

    /// <summary>Downloads a whole collection as one zip.</summary>
    /// <remarks>
    /// The zip has JSON lines of the persons, of the pictures' data, and of the faces with their embeddings, tags,
    /// external ids and exclusions. It has the pictures themselves on request. Its last entry lists the SHA-256 of every
    /// other entry; an incomplete download lacks it. The export is a snapshot: changes during the download are not in it.
    /// </remarks>
    /// <param name="collection">The collection's name.</param>
    /// <param name="pictures">Adds the stored pictures to the zip.</param>
    [HttpGet("/v1/collections/{collection}/export", Name = "exportCollection")]
    [Authorize(Scopes.Admin)]
    [ProducesResponseType<Stream>(StatusCodes.Status200OK, ZipType)]
    public async Task<IActionResult> ExportCollection(string collection, bool pictures = false, CancellationToken ct = default)
    {
        var result = await sender.Send(new ExportCollectionQuery(collection, pictures), ct);
        if (result.Error is { } error)
            return error.ToActionResult(HttpContext);

        Response.ContentType = ZipType;
        Response.Headers.ContentDisposition = $"attachment; filename=\"{collection}.zip\"";
        if (!HttpContext.IsHeadOfGet())
            await result.Value.WriteAsync(Response.Body, ct);
        return new EmptyResult();
    }

    /// <summary>Imports an exported collection into a new collection or one of the same model.</summary>
    /// <remarks>
    /// Answers at once, with the job's address. The job verifies the whole export before it stores anything, and creates
    /// a missing collection after that; a damaged export fails it with 'damaged-export'. Pictures that are enrolled
    /// already are skipped. Searches find each face as soon as it is stored.
    /// </remarks>
    /// <param name="collection">The collection's name. A missing collection is created with the export's model.</param>
    [HttpPost("/v1/collections/{collection}/import", Name = "importCollection")]
    [Authorize(Scopes.Admin), Idempotent]
    [StreamsBody, RequiresIndex, ArchiveBody]
    [ProducesResponseType<EnrolmentJobResponse>(StatusCodes.Status202Accepted)]
    [ProducesProblem("damaged-export", "model-mismatch", "model-not-available", "too-many-entries", "archive-too-large")]
    public async Task<IActionResult> ImportCollection(
        string collection, [FromServices] ArchiveReceiver uploads, CancellationToken ct)
    {
        var target = await sender.Send(new CheckImportQuery(collection), ct);
        if (target.Error is { } noTarget)
            return noTarget.ToActionResult(HttpContext);

        var received = await uploads.ReceiveAsync(Request, ct);
        if (received.Error is { } refused)
            return refused.ToActionResult(HttpContext);

        using var archive = received.Value;
        var result = await sender.Send(new StartImportCommand(collection, archive.TemporaryFile), ct);
        return result.ToActionResult(HttpContext, job => EnrolmentJobResponse.Accept(Response, job));
    }
}
