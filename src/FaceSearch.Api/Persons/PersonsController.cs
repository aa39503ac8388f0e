using FaceSearch.Api.Enrolment;
using FaceSearch.Api.Http.Annotations;
using FaceSearch.Api.Http.Audit;
using FaceSearch.Api.Http.Authentication;
using FaceSearch.Api.Http.Filters;
using FaceSearch.Api.Http.Idempotency;
using FaceSearch.Api.Http.Problems;
using FaceSearch.Application.Abstractions;
using FaceSearch.Application.Paging;
using FaceSearch.Application.Persons;
using FaceSearch.Application.Results;
using FaceSearch.Domain.Persons;
using Mediator;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;

namespace FaceSearch.Api.Persons;

[ApiController]
[Tags("Persons")]
[Route("/v1/collections/{collection}/persons")]
public sealed class PersonsController(ISender sender) : ControllerBase
{
    /// <summary>Lists the persons of a collection by name.</summary>
    /// <param name="collection">The collection's name.</param>
    /// <param name="name">Only persons whose names begin with it, case-sensitive.</param>
    /// <param name="exact">Only the person with exactly this name.</param>
    /// <param name="cursor">The nextCursor of an earlier answer.</param>
    /// <param name="limit">The largest number on a page, 1 to 500; 50 by default.</param>
    [HttpGet(Name = "listPersons")]
    [Authorize(Scopes.Read)]
    [ProducesResponseType<PersonListResponse>(StatusCodes.Status200OK)]
    public async Task<IActionResult> ListPersons(
        string collection,
        [Limits(MinLength = 1, MaxLength = Person.NameMaxLength)] string? name,
        string? cursor,
        bool exact = false,
        int limit = Page.DefaultLimit,
        CancellationToken ct = default)
    {
        var result = await sender.Send(new ListPersonsQuery(collection, name, exact, cursor, limit), ct);
        return result.ToActionResult(HttpContext, page => Ok(PersonListResponse.From(page)));
    }

    /// <summary>Gets a person.</summary>
    /// <param name="collection">The collection's name.</param>
    /// <param name="personId">The person's id.</param>
    [HttpGet("{personId}", Name = "getPerson")]
    [Authorize(Scopes.Read)]
    [AnswersETag]
    [ProducesResponseType<PersonResponse>(StatusCodes.Status200OK)]
    [ProducesResponseType(StatusCodes.Status304NotModified)]
    [ProducesProblem("person-not-found")]
    public async Task<IActionResult> GetPerson(string collection, string personId, CancellationToken ct)
    {
        var result = await sender.Send(new GetPersonQuery(collection, personId), ct);
        return result.ToActionResult(HttpContext, Answer);
    }

    /// <summary>Renames a person.</summary>
    /// <remarks>With If-Match the change is refused when another client has changed the person since that ETag. A name that another person has is refused: merge the two instead.</remarks>
    /// <param name="collection">The collection's name.</param>
    /// <param name="personId">The person's id.</param>
    /// <param name="request">The new name.</param>
    [HttpPatch("{personId}", Name = "renamePerson")]
    [Authorize(Scopes.Write)]
    [AnswersETag, ExpectsETag]
    [ProducesResponseType<ChangedPersonResponse>(StatusCodes.Status200OK)]
    [ProducesProblem("person-not-found", "person-exists")]
    public async Task<IActionResult> RenamePerson(
        string collection, string personId, [FromBody] RenamePersonRequest request, CancellationToken ct)
    {
        var result = await sender.Send(new RenamePersonCommand(collection, personId, request.Name, Request.ExpectedTags()), ct);
        return result.ToActionResult(HttpContext, person => AnswerChange(person, person.Name));
    }

    /// <summary>Merges several persons into one.</summary>
    /// <remarks>
    /// The faces and exclusions of the given persons move to this person, and those persons are removed. Exclusions
    /// between them are removed. The merge is one transaction.
    /// </remarks>
    /// <param name="collection">The collection's name.</param>
    /// <param name="personId">The id of the person to keep.</param>
    /// <param name="request">The persons to merge into that person.</param>
    [HttpPost("{personId}/merge", Name = "mergePersons")]
    [Authorize(Scopes.Write), Idempotent]
    [AnswersETag]
    [ProducesResponseType<ChangedPersonResponse>(StatusCodes.Status200OK)]
    [ProducesProblem("person-not-found")]
    public async Task<IActionResult> MergePersons(
        string collection, string personId, [FromBody] MergePersonsRequest request, CancellationToken ct)
    {
        var result = await sender.Send(new MergePersonsCommand(collection, personId, request.PersonIds ?? []), ct);
        return result.ToActionResult(HttpContext, person => AnswerChange(person, Scopes.MayRead(User) ? person.Name : null));
    }

    /// <summary>Erases a person permanently and answers a receipt.</summary>
    /// <remarks>
    /// Deletes pictures, faces, embeddings, exclusions, job items and stored archives with the pictures from the
    /// database, the index and their files before the answer is sent. A picture that also shows other persons loses its
    /// bytes, file name and camera data; their faces stay searchable. Queued and running jobs of the collection skip
    /// files that name the person. When this takes longer than ten seconds, the answer is 202 and
    /// 'pendingJobId' of the receipt is the job that continues until everything is deleted. A repeated request answers the
    /// same receipt.
    /// </remarks>
    /// <param name="collection">The collection's name.</param>
    /// <param name="personId">The person's id.</param>
    [HttpDelete("{personId}", Name = "erasePerson")]
    [Authorize(Scopes.Write)]
    [ExpectsETag]
    [RequiresIndex]
    [ProducesResponseType<ErasureReceiptResponse>(StatusCodes.Status200OK)]
    [ProducesResponseType<ErasureReceiptResponse>(StatusCodes.Status202Accepted)]
    [ProducesProblem("person-not-found")]
    public async Task<IActionResult> ErasePerson(string collection, string personId, CancellationToken ct)
    {
        var result = await sender.Send(new ErasePersonCommand(collection, personId, Request.ExpectedTags()), ct);
        return result.ToActionResult(HttpContext, erasure =>
        {
            var receipt = ErasureReceiptResponse.From(erasure.Receipt, erasure.PendingJob);
            return erasure.PendingJob is { } jobId ? EnrolmentJobResponse.Accept(Response, jobId, receipt) : Ok(receipt);
        });
    }

    /// <summary>Lists the faces that are excluded from this person.</summary>
    /// <param name="collection">The collection's name.</param>
    /// <param name="personId">The person's id.</param>
    /// <param name="cursor">The nextCursor of an earlier answer.</param>
    /// <param name="limit">The largest number on a page, 1 to 500; 50 by default.</param>
    [HttpGet("{personId}/exclusions", Name = "listExclusions")]
    [Authorize(Scopes.Read)]
    [ProducesResponseType<ExclusionListResponse>(StatusCodes.Status200OK)]
    [ProducesProblem("person-not-found")]
    public async Task<IActionResult> ListExclusions(
        string collection, string personId, string? cursor, int limit = Page.DefaultLimit, CancellationToken ct = default)
    {
        var result = await sender.Send(new ListExclusionsQuery(collection, personId, cursor, limit), ct);
        return result.ToActionResult(HttpContext, page => Ok(ExclusionListResponse.From(page)));
    }

    /// <summary>Excludes a face from this person.</summary>
    /// <remarks>
    /// A face of this person is unassigned. A search never returns the face as this person. A probe within
    /// Search:ExclusionTolerance of the face, 0.3 by default, never matches this person.
    /// </remarks>
    /// <param name="collection">The collection's name.</param>
    /// <param name="personId">The person's id.</param>
    /// <param name="request">The face.</param>
    [HttpPost("{personId}/exclusions", Name = "excludeFace")]
    [Authorize(Scopes.Write), Idempotent]
    [ProducesResponseType<ExclusionResponse>(StatusCodes.Status201Created)]
    [ProducesProblem("person-not-found", "face-not-found")]
    public async Task<IActionResult> ExcludeFace(
        string collection, string personId, [FromBody] ExcludeFaceRequest request, CancellationToken ct)
    {
        if (request.FaceId is not { } faceId)
            return CommonErrors.InvalidField("faceId", "faceId is the id of an enrolled face.").ToActionResult(HttpContext);

        var result = await sender.Send(new ExcludeFaceCommand(collection, personId, faceId), ct);
        return result.ToActionResult(HttpContext, exclusion =>
        {
            var answer = ExclusionResponse.From(exclusion);
            HttpContext.SetAuditSubject($"{personId}/{answer.FaceId}");
            return Created($"/v1/collections/{collection}/persons/{personId}/exclusions/{answer.FaceId}", answer);
        });
    }

    /// <summary>Gets the exclusion of a face from this person.</summary>
    /// <param name="collection">The collection's name.</param>
    /// <param name="personId">The person's id.</param>
    /// <param name="faceId">The face's id.</param>
    [HttpGet("{personId}/exclusions/{faceId}", Name = "getExclusion")]
    [Authorize(Scopes.Read)]
    [ProducesResponseType<ExclusionResponse>(StatusCodes.Status200OK)]
    [ProducesProblem("exclusion-not-found")]
    public async Task<IActionResult> GetExclusion(
        string collection, string personId, string faceId, CancellationToken ct)
    {
        var result = await sender.Send(new GetExclusionQuery(collection, personId, faceId), ct);
        return result.ToActionResult(HttpContext, exclusion => Ok(ExclusionResponse.From(exclusion)));
    }

    /// <summary>Removes the exclusion of a face from this person.</summary>
    /// <param name="collection">The collection's name.</param>
    /// <param name="personId">The person's id.</param>
    /// <param name="faceId">The face's id.</param>
    [HttpDelete("{personId}/exclusions/{faceId}", Name = "removeExclusion")]
    [Authorize(Scopes.Write)]
    [ProducesResponseType(StatusCodes.Status204NoContent)]
    [ProducesProblem("person-not-found", "exclusion-not-found")]
    public async Task<IActionResult> RemoveExclusion(
        string collection, string personId, string faceId, CancellationToken ct)
    {
        var result = await sender.Send(new RemoveExclusionCommand(collection, personId, faceId), ct);
        return result.ToActionResult(HttpContext, _ => NoContent());
    }

    private OkObjectResult Answer(PersonResult person)
    {
        Response.SetTag(person.Tag);
        return Ok(PersonResponse.From(person));
    }

    private OkObjectResult AnswerChange(PersonResult person, string? name)
    {
        if (Scopes.MayRead(User))
            Response.SetTag(person.Tag);
        return Ok(new ChangedPersonResponse(EntityId.Format(person.Id), name));
    }
}
