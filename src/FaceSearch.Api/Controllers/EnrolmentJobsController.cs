using FaceSearch.Api.Authentication;
using FaceSearch.Api.Contracts;
using FaceSearch.Api.OpenApi;
using FaceSearch.Api.Problems;
using FaceSearch.Api.Uploads;
using FaceSearch.Application.Enrolment;
using FaceSearch.Domain.Collections;
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
    [Refuses(StatusCodes.Status422UnprocessableEntity)]
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

        return wait ? Ok(BulkEnrolmentResponse.From(result.Value)) : AcceptedJob(result.Value);
    }

    /// <summary>Tells how far a bulk enrolment is.</summary>
    [HttpGet("/v1/jobs/{id}", Name = "getJob")]
    [Authorize(Scopes.ReadOrWrite)]
    [ProducesResponseType<EnrolmentJobResponse>(StatusCodes.Status200OK)]
    [Refuses(StatusCodes.Status404NotFound)]
    public async Task<IActionResult> GetJob(string id, CancellationToken ct)
    {
        var result = await sender.Send(new GetEnrolmentJobQuery(id), ct);
        return result.Error is { } error
            ? error.ToActionResult(HttpContext)
            : Ok(EnrolmentJobResponse.From(result.Value));
    }

    private AcceptedResult AcceptedJob(EnrolmentJobResult job)
    {
        Response.Headers["Preference-Applied"] = RespondAsync;
        Response.Headers.RetryAfter = "1";
        return Accepted($"/v1/jobs/{job.Job.Id}", EnrolmentJobResponse.From(job));
    }

    /// <summary>RFC 7240; the header may hold several preferences.</summary>
    private bool PrefersAsync() => Request.Headers["Prefer"]
        .SelectMany(value => value?.Split(',', StringSplitOptions.TrimEntries) ?? [])
        .Contains(RespondAsync, StringComparer.OrdinalIgnoreCase);
}
