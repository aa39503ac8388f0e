using FaceSearch.Api.Enrolment;
using FaceSearch.Api.Http.Authentication;
using FaceSearch.Api.Http.Problems;
using FaceSearch.Application.Calibration;
using Mediator;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;

namespace FaceSearch.Api.Search;

[ApiController]
[Tags("Calibration")]
public sealed class CalibrationController(ISender sender) : ControllerBase
{
    private const double OneInAThousand = 0.001;

    private const int DefaultSteps = 40;

    /// <summary>Measures what tolerances mean in a collection.</summary>
    /// <remarks>
    /// Measures the distances between faces of one person and between faces of different persons in the collection. The
    /// answer has the share of false matches and of missed matches by tolerance. expectedFalseMatches is how many faces
    /// of other persons a search in a collection of this size finds. A measurement of the last minute is answered at once
    /// if the number of faces is the same. Else a job measures again, which all requests share, and the request waits up
    /// to 10 s for it. If it has not ended by then, the answer has the last measurement and the job's id; without a last
    /// measurement the answer is 202 with the job's address: send the request again when it has ended.
    /// </remarks>
    /// <param name="collection">The collection's name.</param>
    /// <param name="falseMatchRate">The share of pairs of different persons that may match, 0 to 1; 0.001 by default. 'wanted' answers its tolerance.</param>
    /// <param name="steps">How many tolerances are answered, 1 to 400; 40 by default.</param>
    [HttpPost("/v1/collections/{collection}/calibration", Name = "calibrateCollection")]
    [Authorize(Scopes.Read)]
    [ProducesResponseType<CalibrationResponse>(StatusCodes.Status200OK)]
    [ProducesResponseType(StatusCodes.Status202Accepted)]
    [ProducesProblem("job-cancelled", "job-broken")]
    public async Task<IActionResult> CalibrateCollection(
        string collection,
        [FromQuery] double falseMatchRate = OneInAThousand,
        [FromQuery] int steps = DefaultSteps,
        CancellationToken ct = default)
    {
        var result = await sender.Send(new CalibrateCollectionCommand(collection, falseMatchRate, steps), ct);
        return result.ToActionResult(HttpContext, answer => ToAnswer(collection, answer));
    }

    private ActionResult ToAnswer(string collection, CalibrationAnswer answer) => answer.Result is { } found
        ? Ok(CalibrationResponse.From(collection, found, answer.Job?.Job.Id))
        : EnrolmentJobResponse.AcceptWithoutBody(Response, answer.Job!.Job.Id);
}
