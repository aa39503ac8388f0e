using FaceSearch.Api.Http.Authentication;
using FaceSearch.Api.Http.Idempotency;
using FaceSearch.Api.Http.Problems;
using FaceSearch.Application.Access;
using FaceSearch.Application.Paging;
using FaceSearch.Domain.Access;
using Mediator;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;

namespace FaceSearch.Api.Access;

[ApiController]
[Tags("Keys")]
public sealed class ApiKeysController(ISender sender) : ControllerBase
{
    /// <summary>Issues an API key.</summary>
    /// <remarks>
    /// The secret is in this answer only and is not stored. A retry with the same Idempotency-Key is refused with
    /// 'secret-not-kept'.
    /// </remarks>
    [HttpPost("/v1/keys", Name = "issueKey")]
    [Authorize(Scopes.ServerAdmin), Idempotent(AnswersSecret = true)]
    [ProducesResponseType<IssuedApiKeyResponse>(StatusCodes.Status201Created)]
    [ProducesProblem("collection-not-found", "key-name-taken", "secret-not-kept")]
    public async Task<IActionResult> IssueKey(IssueApiKeyRequest request, CancellationToken ct)
    {
        var scopes = request.Scopes.Aggregate(AccessScopes.None, (all, scope) => all | (AccessScopes)scope);
        var command = new IssueApiKeyCommand(
            request.Name, scopes, request.Collections, request.ExpiresAt?.UtcDateTime);
        var result = await sender.Send(command, ct);
        return result.ToActionResult(HttpContext, issued =>
        {
            var answer = IssuedApiKeyResponse.From(issued);
            return Created($"/v1/keys/{answer.Key.KeyId}", answer);
        });
    }

    /// <summary>Lists the API keys in the order they were issued, without their secrets.</summary>
    [HttpGet("/v1/keys", Name = "listKeys")]
    [Authorize(Scopes.ServerAdmin)]
    [ProducesResponseType<ApiKeyListResponse>(StatusCodes.Status200OK)]
    public async Task<IActionResult> ListKeys(
        string? cursor, int limit = Page.DefaultLimit, CancellationToken ct = default)
    {
        var result = await sender.Send(new ListApiKeysQuery(cursor, limit), ct);
        return result.ToActionResult(HttpContext, page => Ok(ApiKeyListResponse.From(page)));
    }

    /// <summary>Gets an API key, without its secret.</summary>
    [HttpGet("/v1/keys/{keyId}", Name = "getKey")]
    [Authorize(Scopes.ServerAdmin)]
    [ProducesResponseType<ApiKeyResponse>(StatusCodes.Status200OK)]
    [ProducesProblem("key-not-found")]
    public async Task<IActionResult> GetKey(string keyId, CancellationToken ct)
    {
        var result = await sender.Send(new GetApiKeyQuery(keyId), ct);
        return result.ToActionResult(HttpContext, key => Ok(ApiKeyResponse.From(key)));
    }

    /// <summary>Gets the API key that the call is made with: its scopes, its collections and when it expires.</summary>
    [HttpGet("/v1/keys/self", Name = "getOwnKey")]
    [Authorize(Scopes.AnyKey)]
    [ProducesResponseType<ApiKeyResponse>(StatusCodes.Status200OK)]
    [ProducesProblem("key-not-found")]
    public async Task<IActionResult> GetOwnKey(CancellationToken ct)
    {
        var result = await sender.Send(new GetApiKeyQuery(KeyId: null), ct);
        return result.ToActionResult(HttpContext, key => Ok(ApiKeyResponse.From(key)));
    }

    /// <summary>Revokes an API key; every process refuses it within two seconds.</summary>
    [HttpDelete("/v1/keys/{keyId}", Name = "revokeKey")]
    [Authorize(Scopes.ServerAdmin)]
    [ProducesResponseType(StatusCodes.Status204NoContent)]
    [ProducesProblem("key-not-found", "last-admin-key")]
    public async Task<IActionResult> RevokeKey(string keyId, CancellationToken ct)
    {
        var result = await sender.Send(new RevokeApiKeyCommand(keyId), ct);
        return result.ToActionResult(HttpContext, _ => NoContent());
    }
}
