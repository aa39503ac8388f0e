using FaceSearch.Api.Http.Authentication;
using FaceSearch.Api.Http.Problems;
using FaceSearch.Application.Audit;
using FaceSearch.Application.Paging;
using Mediator;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;

namespace FaceSearch.Api.Access;

[ApiController]
[Tags("Audit")]
public sealed class AuditController(ISender sender) : ControllerBase
{
    /// <summary>Lists the audit log, newest first.</summary>
    /// <remarks>
    /// Changes are logged before their answers are sent, searches and reads within seconds. Calls with unknown keys are
    /// not logged.
    /// </remarks>
    /// <param name="action">Only calls of the operation with this operation id.</param>
    /// <param name="collection">Only calls in the collection with this name. Also accepts the name of a removed collection.</param>
    [HttpGet("/v1/audit", Name = "listAuditEntries")]
    [Authorize(Scopes.ServerAdmin)]
    [ProducesResponseType<AuditEntryListResponse>(StatusCodes.Status200OK)]
    public async Task<IActionResult> ListAuditEntries(
        [FromQuery] string? action,
        [FromQuery] string? collection,
        string? cursor,
        int limit = Page.DefaultLimit,
        CancellationToken ct = default)
    {
        var result = await sender.Send(new ListAuditEntriesQuery(action, collection, cursor, limit), ct);
        return result.ToActionResult(HttpContext, page => Ok(AuditEntryListResponse.From(page)));
    }
}
