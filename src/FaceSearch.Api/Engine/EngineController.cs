using FaceSearch.Api.Http.Authentication;
using FaceSearch.Application.Abstractions;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;

namespace FaceSearch.Api.Engine;

[ApiController]
[Tags("Engine")]
public sealed class EngineController(IFaceEncoders encoders) : ControllerBase
{
    /// <summary>Gets the engine profile of new collections, why it was chosen, and every profile that the server runs.</summary>
    /// <remarks>A collection keeps the model it was made with until it is re-embedded; its own description names it.</remarks>
    [HttpGet("/v1/engine", Name = "getEngine")]
    [Authorize(Scopes.Read)]
    [ProducesResponseType<EngineResponse>(StatusCodes.Status200OK)]
    public IActionResult GetEngine() => Ok(EngineResponse.From(encoders.Choice!, encoders.Profiles));
}
