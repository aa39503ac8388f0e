using FaceSearch.Api.Authentication;
using FaceSearch.Api.Contracts;
using FaceSearch.Api.OpenApi;
using FaceSearch.Api.Problems;
using FaceSearch.Api.Uploads;
using FaceSearch.Application.Enrolment;
using FaceSearch.Application.Paging;
using FaceSearch.Domain.Collections;
using FaceSearch.Domain.Enrolment;
using Mediator;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;

namespace FaceSearch.Api.Controllers;

[ApiController]
[Tags("Bulk enrolment")]
public sealed class EnrolmentJobsController(ISender sender) : ControllerBase
{
    private const string RespondAsync = "respond-async";

    /// <summary>Enrols a zip of pictures, the largest face of each.</summary>
    /// <remarks>
    /// Answers when the job is done; with 'Prefer: respond-async' at once, with the job's address. The work goes on
    /// if the client hangs up. A folder's name is the person's name, as in Labeled Faces in the Wild.
    /// </remarks>
    [HttpPost("/add_faces_in_bulk", Name = "addFacesInBulk")]
    [Authorize(Scopes.Write)]
    [StreamsBody, TolerateStraySlash, RequiresIndex, ArchiveBody]
    [ProducesResponseType<BulkEnrolmentResponse>(StatusCodes.Status200OK)]
    [ProducesResponseType<EnrolmentJobResponse>(StatusCodes.Status202Accepted)]
    [Refuses("encrypted-archive", "too-many-entries", "archive-too-large", "job-cancelled", "model-not-available")]
    public async Task<IActionResult> AddFacesInBulk([FromServices] UploadReader uploads, CancellationToken ct)
    {
        var received = await uploads.ReceiveArchiveAsync(Request, ct);
        if (received.Error is { } refused)
            return refused.ToActionResult(HttpContext);

        using var archive = received.Value;
        var wait = !PrefersAsync();
        var result = await sender.Send(
            new StartBulkEnrolmentCommand(Collection.DefaultName, archive.TemporaryFile, wait), ct);
        if (result.Error is { } error)
            return error.ToActionResult(HttpContext);

        if (wait)
            return Ok(BulkEnrolmentResponse.From(result.Value));

        Response.Headers["Preference-Applied"] = RespondAsync;
        return AcceptedJob(result.Value);
    }

    /// <summary>Tells how far a bulk enrolment is.</summary>
    [HttpGet("/v1/jobs/{id}", Name = "getJob")]
    [Authorize(Scopes.ReadOrWrite)]
    [ProducesResponseType<EnrolmentJobResponse>(StatusCodes.Status200OK)]
    [Refuses("job-not-found")]
    public async Task<IActionResult> GetJob(string id, CancellationToken ct)
    {
        var result = await sender.Send(new GetEnrolmentJobQuery(id), ct);
        return result.ToActionResult(HttpContext, job => Ok(EnrolmentJobResponse.From(job)));
    }

    /// <summary>Lists the bulk enrolments, newest first.</summary>
    [HttpGet("/v1/jobs", Name = "listJobs")]
    [Authorize(Scopes.ReadOrWrite)]
    [ProducesResponseType<EnrolmentJobListResponse>(StatusCodes.Status200OK)]
    public async Task<IActionResult> ListJobs(string? cursor, int limit = Page.DefaultLimit, CancellationToken ct = default)
    {
        var result = await sender.Send(new ListEnrolmentJobsQuery(cursor, limit), ct);
        return result.ToActionResult(HttpContext, page => Ok(EnrolmentJobListResponse.From(page)));
    }

    /// <summary>Tells what became of each file of a bulk enrolment, in the archive's order.</summary>
    /// <param name="outcome">Only files with this outcome.</param>
    [HttpGet("/v1/jobs/{id}/items", Name = "listJobItems")]
    [Authorize(Scopes.ReadOrWrite)]
    [ProducesResponseType<EnrolmentItemListResponse>(StatusCodes.Status200OK)]
    [Refuses("job-not-found")]
    public async Task<IActionResult> ListJobItems(
        string id, EnrolmentOutcome? outcome, string? cursor, int limit = Page.DefaultLimit, CancellationToken ct = default)
    {
        var result = await sender.Send(new ListEnrolmentItemsQuery(id, outcome, cursor, limit), ct);
        return result.ToActionResult(HttpContext, page => Ok(EnrolmentItemListResponse.From(page)));
    }

    /// <summary>Stops a bulk enrolment.</summary>
    /// <remarks>A running one ends with the batch it is at. What is enrolled stays; a retry goes on from there.</remarks>
    [HttpPost("/v1/jobs/{id}/cancel", Name = "cancelJob")]
    [Authorize(Scopes.Write)]
    [ProducesResponseType<EnrolmentJobResponse>(StatusCodes.Status202Accepted)]
    [Refuses("job-not-found", "job-ended")]
    public async Task<IActionResult> CancelJob(string id, CancellationToken ct)
    {
        var result = await sender.Send(new CancelEnrolmentJobCommand(id), ct);
        return result.ToActionResult(HttpContext, AcceptedJob);
    }

    /// <summary>Queues an ended bulk enrolment once more, for the pictures that failed and those not reached.</summary>
    /// <remarks>The archive of a job that left something undone is kept for a day, unless the server is set otherwise.</remarks>
    [HttpPost("/v1/jobs/{id}/retry", Name = "retryJob")]
    [Authorize(Scopes.Write)]
    [ProducesResponseType<EnrolmentJobResponse>(StatusCodes.Status202Accepted)]
    [Refuses("job-not-found", "job-not-ended", "nothing-to-retry", "archive-gone")]
    public async Task<IActionResult> RetryJob(string id, CancellationToken ct)
    {
        var result = await sender.Send(new RetryEnrolmentJobCommand(id), ct);
        return result.ToActionResult(HttpContext, AcceptedJob);
    }

    private AcceptedResult AcceptedJob(EnrolmentJobResult job)
    {
        Response.Headers.RetryAfter = "1";
        return Accepted($"/v1/jobs/{job.Job.Id}", EnrolmentJobResponse.From(job));
    }

    /// <summary>RFC 7240; the header may hold several preferences.</summary>
    private bool PrefersAsync() => Request.Headers["Prefer"]
        .SelectMany(value => value?.Split(',', StringSplitOptions.TrimEntries) ?? [])
        .Contains(RespondAsync, StringComparer.OrdinalIgnoreCase);
}
