using FaceSearch.Api.Http.Annotations;
using FaceSearch.Api.Http.Audit;
using FaceSearch.Api.Http.Authentication;
using FaceSearch.Api.Http.Filters;
using FaceSearch.Api.Http.Idempotency;
using FaceSearch.Api.Http.Problems;
using FaceSearch.Api.Http.Uploads;
using FaceSearch.Application.Jobs;
using FaceSearch.Application.Jobs.Cleanup;
using FaceSearch.Application.Paging;
using FaceSearch.Application.Results;
using FaceSearch.Domain.Collections;
using FaceSearch.Domain.Enrolment;
using Mediator;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;

namespace FaceSearch.Api.Enrolment;

[ApiController]
[Tags("Bulk enrolment")]
public sealed class EnrolmentJobsController(ISender sender) : ControllerBase
{
    /// <summary>Enrols a zip of pictures, the main face of each.</summary>
    /// <remarks>
    /// Answers when the job is done; with 'Prefer: respond-async' at once, with the job's address. The job continues if
    /// the client disconnects. A folder's name is the person's name, as in Labeled Faces in the Wild.
    /// </remarks>
    /// <param name="nameEncoding">
    /// The character encoding of the names in the zip that are not marked as UTF-8: shift_jis, gbk, cp866. Without it,
    /// names that are not valid UTF-8 have the server's 'Enrolment:ArchiveNameEncoding'.
    /// </param>
    [HttpPost("/add_faces_in_bulk", Name = "addFacesInBulk")]
    [Authorize(Scopes.Add), Idempotent]
    [StreamsBody, TrimTrailingSlash, RequiresIndex, ArchiveBody, RespondsAsync]
    [ProducesResponseType<BulkEnrolmentResponse>(StatusCodes.Status200OK)]
    [ProducesResponseType<BulkEnrolmentResponse>(StatusCodes.Status202Accepted)]
    [ProducesProblem("encrypted-archive", "too-many-entries", "archive-too-large", "job-cancelled", "job-failed", "job-broken", "archive-lost", "model-not-available")]
    public async Task<IActionResult> AddFacesInBulk(
        [FromServices] ArchiveReceiver uploads, [FromQuery, Limits(MinLength = 1, MaxLength = EnrolmentJob.NameEncodingMaxLength)] string? nameEncoding, CancellationToken ct)
    {
        var received = await ReceiveAsync(Collection.DefaultName, nameEncoding, uploads, ct);
        if (received.Error is { } refused)
            return refused.ToActionResult(HttpContext);

        using var archive = received.Value;
        var wait = !Request.Prefers(Preferences.RespondAsync);
        var result = await sender.Send(
            new StartBulkEnrolmentCommand(Collection.DefaultName, archive.TemporaryFile, nameEncoding, wait), ct);
        if (result.Error is { } error)
            return error.ToActionResult(HttpContext);

        if (wait)
        {
            HttpContext.SetAuditSubject(result.Value.Job.Id.ToString());
            return Ok(BulkEnrolmentResponse.From(result.Value));
        }

        Response.SetApplied(Preferences.RespondAsync);
        return EnrolmentJobResponse.Accept(Response, result.Value.Job.Id, BulkEnrolmentResponse.From(result.Value));
    }

    /// <summary>Enrols a zip of pictures into a collection, the main face of each.</summary>
    /// <remarks>
    /// Answers at once, with the job's address. The job runs in the background and survives a restart of the server. A
    /// folder's name is the person's name, as in Labeled Faces in the Wild.
    /// </remarks>
    /// <param name="collection">The collection's name.</param>
    /// <param name="nameEncoding">
    /// The character encoding of the names in the zip that are not marked as UTF-8: shift_jis, gbk, cp866. Without it,
    /// names that are not valid UTF-8 have the server's 'Enrolment:ArchiveNameEncoding'.
    /// </param>
    [HttpPost("/v1/collections/{collection}/jobs", Name = "startJob")]
    [Authorize(Scopes.Add), Idempotent]
    [StreamsBody, RequiresIndex, ArchiveBody]
    [ProducesResponseType<EnrolmentJobResponse>(StatusCodes.Status202Accepted)]
    [ProducesProblem("encrypted-archive", "too-many-entries", "archive-too-large", "model-not-available")]
    public async Task<IActionResult> StartJob(
        string collection, [FromServices] ArchiveReceiver uploads, [FromQuery, Limits(MinLength = 1, MaxLength = EnrolmentJob.NameEncodingMaxLength)] string? nameEncoding, CancellationToken ct)
    {
        var received = await ReceiveAsync(collection, nameEncoding, uploads, ct);
        if (received.Error is { } refused)
            return refused.ToActionResult(HttpContext);

        using var archive = received.Value;
        var result = await sender.Send(
            new StartBulkEnrolmentCommand(collection, archive.TemporaryFile, nameEncoding, Wait: false), ct);
        return result.ToActionResult(HttpContext, AcceptedJob);
    }

    /// <summary>Embeds all faces of a collection again with another model, from the stored pictures.</summary>
    /// <remarks>
    /// Answers at once, with the job's address. The collection is searched by its old model until all faces are
    /// embedded. Then all embeddings are replaced in one transaction. Faces may be enrolled and removed meanwhile. If a
    /// face can't be embedded again, the job fails with 'reembedding-incomplete' and the collection is unchanged. The
    /// job's items list the pictures that failed, with reasons.
    /// </remarks>
    /// <param name="collection">The collection's name.</param>
    /// <param name="profile">An engine profile or model of this server; its own profile without it.</param>
    /// <param name="dropFailed">Remove the faces that can't be embedded again, instead of failing.</param>
    [HttpPost("/v1/collections/{collection}/reembed", Name = "reembedCollection")]
    [Authorize(Scopes.Admin), Idempotent]
    [ProducesResponseType<EnrolmentJobResponse>(StatusCodes.Status202Accepted)]
    [ProducesProblem("unknown-profile", "same-model", "jobs-running", "pictures-not-kept")]
    public async Task<IActionResult> ReembedCollection(
        string collection, string? profile, bool dropFailed = false, CancellationToken ct = default)
    {
        var result = await sender.Send(new StartReembeddingCommand(collection, profile, dropFailed), ct);
        return result.ToActionResult(HttpContext, AcceptedJob);
    }

    /// <summary>Gets a job's state and progress.</summary>
    [HttpGet("/v1/jobs/{jobId}", Name = "getJob")]
    [Authorize(Scopes.FollowJob)]
    [ProducesResponseType<EnrolmentJobResponse>(StatusCodes.Status200OK)]
    [ProducesProblem("job-not-found")]
    public async Task<IActionResult> GetJob(string jobId, CancellationToken ct)
    {
        var result = await sender.Send(new GetEnrolmentJobQuery(jobId), ct);
        return result.ToActionResult(HttpContext, job => Ok(EnrolmentJobResponse.From(job)));
    }

    /// <summary>Lists the jobs, newest first.</summary>
    /// <remarks>A key without the read scope lists the jobs that it has started.</remarks>
    /// <param name="collection">Only those of this collection.</param>
    /// <param name="cursor">The 'nextCursor' of an earlier answer.</param>
    /// <param name="limit">The largest number of jobs, 1 to 500.</param>
    [HttpGet("/v1/jobs", Name = "listJobs")]
    [Authorize(Scopes.ReadOrWrite)]
    [ProducesResponseType<EnrolmentJobListResponse>(StatusCodes.Status200OK)]
    [ProducesProblem("collection-not-found")]
    public async Task<IActionResult> ListJobs(
        string? collection, string? cursor, int limit = Page.DefaultLimit, CancellationToken ct = default)
    {
        var result = await sender.Send(new ListEnrolmentJobsQuery(collection, cursor, limit), ct);
        return result.ToActionResult(HttpContext, page => Ok(EnrolmentJobListResponse.From(page)));
    }

    /// <summary>
    /// Lists the outcome of each file of a bulk enrolment, or the pictures of a re-embedding or import that failed.
    /// </summary>
    /// <param name="outcome">Only files with this outcome.</param>
    [HttpGet("/v1/jobs/{jobId}/items", Name = "listJobItems")]
    [Authorize(Scopes.FollowJob)]
    [ProducesResponseType<EnrolmentItemListResponse>(StatusCodes.Status200OK)]
    [ProducesProblem("job-not-found")]
    public async Task<IActionResult> ListJobItems(
        string jobId, EnrolmentOutcome? outcome, string? cursor, int limit = Page.DefaultLimit, CancellationToken ct = default)
    {
        var result = await sender.Send(new ListEnrolmentItemsQuery(jobId, outcome, cursor, limit), ct);
        return result.ToActionResult(HttpContext, page => Ok(EnrolmentItemListResponse.From(page, Scopes.MayRead(User))));
    }

    /// <summary>Stops a job.</summary>
    /// <remarks>A running job ends after its current batch. Stored results stay; a retry continues from there.</remarks>
    [HttpPost("/v1/jobs/{jobId}/cancel", Name = "cancelJob")]
    [Authorize(Scopes.CancelJob), Idempotent]
    [ProducesResponseType<EnrolmentJobResponse>(StatusCodes.Status202Accepted)]
    [ProducesProblem("job-not-found", "job-ended", "job-not-cancellable")]
    public async Task<IActionResult> CancelJob(string jobId, CancellationToken ct)
    {
        var result = await sender.Send(new CancelEnrolmentJobCommand(jobId), ct);
        return result.ToActionResult(HttpContext, AcceptedJob);
    }

    /// <summary>Queues an ended job again, for the pictures that failed and those not reached.</summary>
    /// <remarks>The archive of an incomplete job is kept for a day, unless the server is configured otherwise.</remarks>
    [HttpPost("/v1/jobs/{jobId}/retry", Name = "retryJob")]
    [Authorize(Scopes.Write), Idempotent]
    [ProducesResponseType<EnrolmentJobResponse>(StatusCodes.Status202Accepted)]
    [ProducesProblem("job-not-found", "job-not-ended", "nothing-to-retry", "archive-gone", "jobs-running")]
    public async Task<IActionResult> RetryJob(string jobId, CancellationToken ct)
    {
        var result = await sender.Send(new RetryEnrolmentJobCommand(jobId), ct);
        return result.ToActionResult(HttpContext, AcceptedJob);
    }

    /// <summary>Removes an ended job with its items and its archive. Enrolled faces stay.</summary>
    /// <remarks>Jobs of erasures are kept, because they have the receipts.</remarks>
    [HttpDelete("/v1/jobs/{jobId}", Name = "removeJob")]
    [Authorize(Scopes.Write)]
    [ProducesResponseType(StatusCodes.Status204NoContent)]
    [ProducesProblem("job-not-found", "job-not-ended", "job-not-removable")]
    public async Task<IActionResult> RemoveJob(string jobId, CancellationToken ct)
    {
        var result = await sender.Send(new RemoveEnrolmentJobCommand(jobId), ct);
        return result.ToActionResult(HttpContext, _ => NoContent());
    }

    /// <summary>The collection and the encoding are checked before the archive is received.</summary>
    private async Task<Result<UploadedArchive>> ReceiveAsync(
        string collection, string? nameEncoding, ArchiveReceiver uploads, CancellationToken ct)
    {
        var target = await sender.Send(new CheckBulkEnrolmentQuery(collection, nameEncoding), ct);
        return target.Error is { } error ? error : await uploads.ReceiveAsync(Request, ct);
    }

    private AcceptedResult AcceptedJob(EnrolmentJobResult job) => EnrolmentJobResponse.Accept(Response, job);
}
