using FaceSearch.Api.Http.Authentication;
using FaceSearch.Application.Idempotency;
using Microsoft.AspNetCore.Mvc.Filters;
using Nerdbank.Streams;

namespace FaceSearch.Api.Http.Idempotency;

/// <summary>
/// Handles a claimed request: hashes its body as it is read, buffers the answer until it is stored, and releases the
/// key when there is no answer to replay.
/// </summary>
/// <remarks>
/// Disconnected clients retry, so the request is finished and the retry gets the stored answer. The loss of its claim
/// cancels it.
/// </remarks>
internal sealed partial class IdempotentExchange(
    HttpContext http, IdempotencyStore ledger, IdempotencyClaim claim, bool answersSecret)
{
    /// <summary>
    /// A refusing action does not read the whole body. At most this many remaining bytes are read after it.
    /// </summary>
    private const int MaxRestBytes = 1 << 20;

    private readonly ILogger logger = http.RequestServices.GetRequiredService<ILogger<IdempotentExchange>>();

    public async Task RunAsync(ResourceExecutionDelegate next)
    {
        var (requestBody, responseBody, aborted) = (http.Request.Body, http.Response.Body, http.RequestAborted);
        using var hash = new RequestHash(http.Request);
        using var answer = new MemoryStream();
        await using var lease = new ClaimLease(
            ledger, claim, http.RequestServices.GetRequiredService<TimeProvider>(), logger, aborted);
        var isStored = false;
        try
        {
            http.RequestAborted = lease.Token;
            http.Features.Get<CallerConnection>()?.RequireCompleteAnswer();
            var hashed = new MonitoringStream(requestBody);
            hashed.DidReadAny += (_, read) => hash.Append(read);
            http.Request.Body = hashed;
            http.Response.Body = answer;
            var executed = await next();
            (http.Response.Body, http.RequestAborted) = (responseBody, aborted);
            if (lease.IsLost && executed.Exception is OperationCanceledException)
            {
                executed.ExceptionHandled = true;
                await IdempotentAttribute.InUse(http).ExecuteResultAsync(executed);
                return;
            }

            isStored = executed.Exception is null && IsDefinitive(http.Response.StatusCode)
                && await TryStoreAsync(hash, requestBody, answer);
        }
        finally
        {
            (http.Request.Body, http.Response.Body, http.RequestAborted) = (requestBody, responseBody, aborted);
            if (!isStored)
                await FreeAsync();
        }

        answer.Position = 0;
        await answer.CopyToAsync(responseBody, aborted);
    }

    /// <summary>Whether the answer is stored for retries.</summary>
    public static bool IsDefinitive(int status) =>
        status is >= 200 and < 500
            and not (StatusCodes.Status408RequestTimeout
                or StatusCodes.Status429TooManyRequests
                or StatusCodes.Status499ClientClosedRequest);

    /// <summary>
    /// When the database fails here, the work is already committed, so the caller still gets the answer. A retry is
    /// refused until the claim expires, and is then handled again.
    /// </summary>
    private async Task<bool> TryStoreAsync(RequestHash hash, Stream rest, MemoryStream answer)
    {
        try
        {
            if (!await TryFinishAsync(hash, rest))
                return false;

            var headers = http.Response.Headers;
            var isSecret = answersSecret && http.Response.StatusCode < StatusCodes.Status400BadRequest;
            await ledger.CompleteAsync(
                claim,
                hash.Finish(),
                new IdempotentAnswer(
                    http.Response.StatusCode,
                    http.Response.ContentType,
                    headers.Location,
                    headers.ETag,
                    isSecret ? null : answer.ToArray()),
                CancellationToken.None);
        }
        catch (Exception exception)
        {
            LogNotStored(logger, exception);
        }

        return true;
    }

    /// <summary>
    /// The end of a body with a Content-Length is known without another read, which would fail for a disconnected
    /// client.
    /// </summary>
    private async Task<bool> TryFinishAsync(RequestHash hash, Stream rest)
    {
        try
        {
            return http.Request.ContentLength == hash.BodyLength
                || await hash.ReadToEndAsync(rest, MaxRestBytes, CancellationToken.None);
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException)
        {
            return false;
        }
    }

    private async Task FreeAsync()
    {
        try
        {
            await ledger.ReleaseAsync(claim, CancellationToken.None);
        }
        catch (Exception exception)
        {
            LogNotStored(logger, exception);
        }
    }

    [LoggerMessage(EventId = 4200, Level = LogLevel.Warning,
        Message = "The state of a request with an idempotency key could not be stored")]
    private static partial void LogNotStored(ILogger logger, Exception exception);
}
