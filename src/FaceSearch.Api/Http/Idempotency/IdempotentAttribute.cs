using FaceSearch.Api.Http.Problems;
using FaceSearch.Application.Abstractions;
using FaceSearch.Application.Enrolment;
using FaceSearch.Application.Idempotency;
using FaceSearch.Domain.Idempotency;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.Extensions.Options;

namespace FaceSearch.Api.Http.Idempotency;

/// <summary>
/// The call takes an <c>Idempotency-Key</c>: the same request with the same key has one effect and one answer, for 24
/// hours. Every POST that writes has this attribute. It runs before all other filters that may answer the call.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class IdempotentAttribute : Attribute, IAsyncResourceFilter, IOrderedFilter
{
    public const string HeaderName = "Idempotency-Key";

    public const string ReplayedHeaderName = "Idempotency-Replayed";

    private const string RetryAfterSeconds = "1";

    /// <summary>Bytes after the largest file of a multipart body: a boundary and optional fields.</summary>
    private const int MaxFormBytes = 1 << 20;

    public int Order => -1000;

    /// <summary>A successful answer holds a secret, so it is not stored and not replayed.</summary>
    public bool AnswersSecret { get; init; }

    public async Task OnResourceExecutionAsync(ResourceExecutingContext context, ResourceExecutionDelegate next)
    {
        var http = context.HttpContext;
        if (!http.Request.Headers.TryGetValue(HeaderName, out var header))
        {
            await next();
            return;
        }

        if (header is not [{ Length: > 0 and <= IdempotentRequest.KeyMaxLength } key] || !key.All(c => c is > ' ' and <= '~'))
        {
            context.Result = ApiErrors.MalformedIdempotencyKey.ToActionResult(http);
            return;
        }

        var services = http.RequestServices;
        var ledger = services.GetRequiredService<IdempotencyStore>();
        var keyId = services.GetRequiredService<ICaller>().KeyId ?? 0;
        var (claim, answered) = await ledger.BeginAsync(keyId, key, http.RequestAborted);
        if (claim is not null)
            await new IdempotentExchange(http, ledger, claim, AnswersSecret).RunAsync(next);
        else if (answered is not null)
            context.Result = await ReplayAsync(http, answered);
        else
            context.Result = InUse(http);
    }

    private async Task<IActionResult> ReplayAsync(HttpContext http, IdempotentRequest answered)
    {
        var limit = http.RequestServices.GetRequiredService<IOptions<EnrolmentOptions>>().Value.MaxArchiveBytes + MaxFormBytes;
        using var hash = new RequestHash(http.Request);
        if (!await hash.ReadToEndAsync(http.Request.Body, limit, http.RequestAborted) || hash.Finish() != answered.RequestHash)
            return ApiErrors.IdempotencyKeyReused.ToActionResult(http);

        http.Response.Headers[ReplayedHeaderName] = "true";
        http.Response.Headers.Location = answered.Location;
        if (AnswersSecret && answered.Status < StatusCodes.Status400BadRequest)
            return ApiErrors.SecretNotKept.ToActionResult(http);

        http.Response.Headers.ETag = answered.ETag;
        if (answered.Status == StatusCodes.Status202Accepted)
            http.Response.Headers.RetryAfter = RetryAfterSeconds;
        return new ReplayedResult(answered);
    }

    public static ObjectResult InUse(HttpContext http)
    {
        http.Response.Headers.RetryAfter = RetryAfterSeconds;
        return ApiErrors.IdempotencyKeyInUse.ToActionResult(http);
    }

    /// <summary>The bytes of the first answer.</summary>
    private sealed class ReplayedResult(IdempotentRequest answered) : IActionResult
    {
        public Task ExecuteResultAsync(ActionContext context)
        {
            var response = context.HttpContext.Response;
            response.StatusCode = answered.Status!.Value;
            if (answered.Body is not { Length: > 0 } body)
                return Task.CompletedTask;

            response.ContentType = answered.ContentType;
            response.ContentLength = body.Length;
            return response.Body.WriteAsync(body, context.HttpContext.RequestAborted).AsTask();
        }
    }
}
