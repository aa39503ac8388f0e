using FaceSearch.Api.Enrolment;
using FaceSearch.Api.Http.Authentication;
using FaceSearch.Api.Http.Idempotency;
using FaceSearch.Api.Http.Problems;
using FaceSearch.Application.Collections;
using FaceSearch.Application.Paging;
using Mediator;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;

namespace FaceSearch.Api.Collections;

[ApiController]
[Tags("Collections")]
public sealed class CollectionsController(ISender sender) : ControllerBase
{
    /// <summary>Creates an empty collection.</summary>
    /// <remarks>
    /// A collection pins the model of its engine profile: distances between embeddings of different models mean nothing.
    /// </remarks>
    [HttpPost("/v1/collections", Name = "createCollection")]
    [Authorize(Scopes.ServerAdmin), Idempotent]
    [ProducesResponseType<CollectionResponse>(StatusCodes.Status201Created)]
    [ProducesProblem("collection-exists", "unknown-profile")]
    public async Task<IActionResult> CreateCollection(CreateCollectionRequest request, CancellationToken ct)
    {
        var result = await sender.Send(new CreateCollectionCommand(request.Name, request.Profile), ct);
        return result.ToActionResult(
            HttpContext, made => Created($"/v1/collections/{made.Name}", CollectionResponse.From(made)));
    }

    /// <summary>Lists the collections by name. A key that is bound to collections lists only those.</summary>
    [HttpGet("/v1/collections", Name = "listCollections")]
    [Authorize(Scopes.Read)]
    [ProducesResponseType<CollectionListResponse>(StatusCodes.Status200OK)]
    public async Task<IActionResult> ListCollections(
        string? cursor, int limit = Page.DefaultLimit, CancellationToken ct = default)
    {
        var result = await sender.Send(new ListCollectionsQuery(cursor, limit), ct);
        return result.ToActionResult(HttpContext, page => Ok(CollectionListResponse.From(page)));
    }

    /// <summary>Gets a collection's model and its counts.</summary>
    [HttpGet("/v1/collections/{collection}", Name = "getCollection")]
    [Authorize(Scopes.Read)]
    [ProducesResponseType<CollectionResponse>(StatusCodes.Status200OK)]
    public async Task<IActionResult> GetCollection(string collection, CancellationToken ct)
    {
        var result = await sender.Send(new GetCollectionQuery(collection), ct);
        return result.ToActionResult(HttpContext, found => Ok(CollectionResponse.From(found)));
    }

    /// <summary>Removes a collection with all that is in it.</summary>
    /// <remarks>
    /// Requests no longer find the collection once the answer is sent. Its pictures, faces, persons, jobs and archives, and
    /// the keys that are bound to it alone, are deleted. When this takes longer than ten seconds, the answer is 202 with
    /// the address of the removal's job, which continues until all is deleted.
    /// </remarks>
    [HttpDelete("/v1/collections/{collection}", Name = "removeCollection")]
    [Authorize(Scopes.Admin)]
    [ProducesResponseType(StatusCodes.Status204NoContent)]
    [ProducesResponseType(StatusCodes.Status202Accepted)]
    [ProducesProblem("default-collection", "jobs-running")]
    public async Task<IActionResult> RemoveCollection(string collection, CancellationToken ct)
    {
        var result = await sender.Send(new RemoveCollectionCommand(collection), ct);
        return result.ToActionResult(HttpContext, removal => removal.PendingJob is { } jobId
            ? EnrolmentJobResponse.AcceptWithoutBody(Response, jobId)
            : NoContent());
    }
}
