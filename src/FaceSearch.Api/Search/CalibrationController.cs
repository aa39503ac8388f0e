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
    /// of other persons a search in a collection of this size finds.
    /// </remarks>
    /// <param name="collection">The collection's name.</param>
    /// <param name="falseAcceptRate">The share of pairs of different persons that may match, 0 to 1; 0.001 by default. 'wanted' answers its tolerance.</param>
    /// <param name="steps">How many tolerances are answered, 1 to 400; 40 by default.</param>
    [HttpPost("/v1/collections/{collection}/calibration", Name = "calibrateCollection")]
    [Authorize(Scopes.Read)]
    [ProducesResponseType<CalibrationResponse>(StatusCodes.Status200OK)]
    [ProducesProblem("model-not-available")]
    public async Task<IActionResult> CalibrateCollection(
        string collection,
        [FromQuery] double falseAcceptRate = OneInAThousand,
        [FromQuery] int steps = DefaultSteps,
        CancellationToken ct = default)
    {
        var result = await sender.Send(new CalibrateCollectionQuery(collection, falseAcceptRate, steps), ct);
        return result.ToActionResult(HttpContext, found => Ok(CalibrationResponse.From(collection, found)));
    }
}
